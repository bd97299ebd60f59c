/**
 * Peers in the same run: each is a program of its own under `bench/peers`, asked one question at a time, so that none of
 * them shares a process with Waybill or with another. What cannot be asked here says why in the table.
 */
import { fork } from "node:child_process"
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import type { Row } from "./report.ts"

const peers = ["dbos", "openworkflow", "restate"]
const withinMs = 240_000

/** A peer's last line. */
interface Said {
  readonly system: string
  readonly rows?: readonly {
    readonly what: string
    readonly unit: string
    readonly values: readonly number[]
    readonly note?: string
  }[]
  readonly absent?: string
}

export async function peerRows(question: string, args: { readonly [name: string]: number }): Promise<Row[]> {
  const rows: Row[] = []
  for (const peer of peers) rows.push(...rowsOf(await ask(peer, question, args)))
  return rows
}

function rowsOf(said: Said): Row[] {
  const { system } = said
  if (said.rows === undefined) return [{ what: "", system, absent: said.absent ?? "it said nothing" }]
  return said.rows.map((row) => ({ ...row, system }))
}

async function ask(peer: string, question: string, args: object): Promise<Said> {
  if (!existsSync(resolve("bench", "node_modules")))
    return { system: peer, absent: "not installed: `npm run bench -- --peers` installs it" }
  const at = performance.now()
  const { output, complaint, code } = await ended(resolve("bench", "peers", `${peer}.mjs`), question, args)
  console.error(`peers    ${peer}: ${question}, ${((performance.now() - at) / 1_000).toFixed(0)} s`)
  const last = output.trim().split("\n").at(-1) ?? ""
  if (code === 0 && last.startsWith("{")) return JSON.parse(last) as Said
  return { system: peer, absent: `it ended with code ${code}: ${complaint.trim().split("\n").at(-1) ?? ""}` }
}

/** It ends by itself when this process is gone, and its servers with it: the channel between the two is what it watches. */
async function ended(program: string, question: string, args: object) {
  const child = fork(program, [question, JSON.stringify(args)], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
    execArgv: [],
  })
  let output = ""
  let complaint = ""
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text
  })
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2_000)
  })
  const late = setTimeout(() => child.kill("SIGTERM"), withinMs)
  const code = await new Promise<number | null>((done) => child.on("close", (ended) => done(ended)))
  clearTimeout(late)
  return { output, complaint, code }
}
