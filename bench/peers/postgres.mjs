/**
 * A PostgreSQL of its own for one question: Debian's package, a cluster in a folder that goes, a port of loopback, every
 * commit synced. It never touches a cluster that is there already.
 */
import { spawn, spawnSync } from "node:child_process"
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import pg from "pg"
import { ensureTool } from "../../scripts/setup/ensure-tool.mjs"
import { endProcess, freePort } from "./processes.mjs"

const readyMs = 20_000
const durable = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" }

/** @returns {{ postgres: string, initdb: string, major: string }} or throws with the way to get it */
export function postgresPrograms() {
  const path = `${process.env.PATH}:${debianFolders().join(":")}`
  const postgres = ensureTool("postgres", "postgresql", path)
  const initdb = ensureTool("initdb", "postgresql", path)
  const [, major = "?"] = /(\d+)/.exec(spawnSync(postgres, ["--version"], { encoding: "utf8" }).stdout) ?? []
  return { postgres, initdb, major }
}

/** @param {string} folder @param {{ postgres: string, initdb: string }} programs @param {string} database */
export async function startPostgres(folder, { postgres, initdb }, database) {
  const data = join(folder, "postgres")
  mkdirSync(data)
  const account = accountFor(folder, data)
  const make = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"]
  const made = spawnSync(initdb, make, { ...account, cwd: data, encoding: "utf8" })
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  const port = await freePort()
  const settings = {
    ...{ listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: data, max_connections: "200" },
    ...durable,
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  const server = spawn(postgres, ["-D", data, ...options], { ...account, cwd: data, stdio: "ignore" })
  const stop = () => endProcess(server, "SIGINT")
  try {
    await untilReady(server, port, database)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `postgresql://postgres@127.0.0.1:${port}/${database}`, pid: /** @type {number} */ (server.pid), stop }
}

/** Makes the database and looks whether it is as durable as the table will say. */
async function untilReady(server, port, database) {
  const until = performance.now() + readyMs
  for (;;) {
    const client = new pg.Client({ host: "127.0.0.1", port, user: "postgres", database: "postgres" })
    try {
      await client.connect()
      await client.query(`CREATE DATABASE ${database}`)
      for (const [name, value] of Object.entries(durable)) {
        const { rows } = await client.query(`SHOW ${name}`)
        if (rows[0][name] !== value) throw new Error(`${name} is ${rows[0][name]}`)
      }
      return
    } catch (error) {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended with code ${server.exitCode}`)
      if (performance.now() > until) throw error
      await delay(50)
    } finally {
      await client.end().catch(() => {})
    }
  }
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
function accountFor(folder, data) {
  if (process.getuid?.() !== 0) return {}
  const entry = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((line) => line.startsWith("postgres:"))
  if (entry === undefined) throw new Error("there is no user postgres to run PostgreSQL as")
  const [, , uid, gid] = entry.split(":").map(Number)
  chmodSync(folder, 0o755)
  chownSync(data, uid, gid)
  return { uid, gid }
}

/** Where Debian keeps the server's programs, which are not in PATH. */
function debianFolders() {
  const root = "/usr/lib/postgresql"
  return existsSync(root) ? readdirSync(root).map((version) => join(root, version, "bin")) : []
}
