// @ts-check
/** Starts the built server as a process of its own, waits until it is ready, and ends it in order. */
import { spawn } from "node:child_process"
import { createWriteStream, existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { ROOT } from "../setup/root.mjs"
import { SERVER_FLAGS } from "../setup/server-flags.mjs"

const READY_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 30_000
const OUTPUT_KEPT = 4_000
/** What `waybill serve` says when its doors are open. */
const ADDRESS = /^Waybill is at (\S+)$/m

/**
 * @typedef {{ url: string, pid: number | undefined, log: string, ended: Promise<string>, stop: () => Promise<void> }} Server
 *   `ended` resolves with how it ended, in words
 */

/** @param {{ port: string, data: string, env: NodeJS.ProcessEnv }} options @returns {Promise<Server>} */
export async function startServer({ port, data, env }) {
  const program = join(ROOT, "dist", "waybill.js")
  if (!existsSync(program)) throw new Error("dist/waybill.js is missing: npm run build")
  mkdirSync(data, { recursive: true })
  const log = join(data, "server.log")
  const file = createWriteStream(log, { flags: "a" })
  // A group of its own: Ctrl-C in the terminal reaches us, and we end the server in order.
  const child = spawn(process.execPath, [...SERVER_FLAGS, "--enable-source-maps", program, "serve"], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...env, WAYBILL_PORT: port, WAYBILL_DATA_DIR: data },
  })
  const ended = endOf(child)
  const output = collect([child.stdout, child.stderr], file)
  const stop = () => end(child, ended)
  try {
    const url = await addressOf(child, output, ended)
    await untilReady(url, ended, output)
    return { url, pid: child.pid, log, ended, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @param {import("node:child_process").ChildProcess} child @returns {Promise<string>} */
function endOf(child) {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(`could not be started: ${error.message}`))
    child.on("close", (code, signal) => resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`))
  })
}

/**
 * Everything it says goes to its log; the beginning is kept for the address, and for the cause when it does not start.
 * @param {import("node:stream").Readable[]} streams @param {import("node:fs").WriteStream} file
 */
function collect(streams, file) {
  const output = { text: "", onText: () => {} }
  for (const stream of streams) {
    stream.setEncoding("utf8")
    stream.on("data", (text) => {
      file.write(text)
      if (output.text.length >= OUTPUT_KEPT) return
      output.text += text
      output.onText()
    })
  }
  return output
}

/**
 * The port may be any free one, so the address is the one it names itself.
 * @param {import("node:child_process").ChildProcess} child @param {{ text: string, onText: () => void }} output @param {Promise<string>} ended
 * @returns {Promise<string>}
 */
async function addressOf(child, output, ended) {
  const named = new Promise((resolve) => {
    output.onText = () => {
      const [, address] = ADDRESS.exec(output.text) ?? []
      if (address !== undefined) resolve(address)
    }
  })
  const late = delay(READY_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new Error(`the server (pid ${child.pid}) named no address within ${READY_WITHIN_MS / 1000} s`)
  })
  return Promise.race([named, late, failedWith(ended, output)])
}

/** @param {string} url @param {Promise<string>} ended @param {{ text: string }} output */
async function untilReady(url, ended, output) {
  const deadline = Date.now() + READY_WITHIN_MS
  const isReady = async () => {
    while (Date.now() < deadline) {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
      if (answer?.ok) return
      await delay(50)
    }
    throw new Error(`the server at ${url} is not ready after ${READY_WITHIN_MS / 1000} s`)
  }
  await Promise.race([isReady(), failedWith(ended, output)])
}

/** @param {Promise<string>} ended @param {{ text: string }} output @returns {Promise<never>} */
async function failedWith(ended, output) {
  const how = await ended
  throw new Error(`the server ${how}:\n${output.text.trim() || "it said nothing"}`)
}

/** @param {import("node:child_process").ChildProcess} child @param {Promise<string>} ended */
async function end(child, ended) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill("SIGTERM")
  const isGone = await Promise.race([ended.then(() => true), delay(STOP_WITHIN_MS, false, { ref: false })])
  if (!isGone) child.kill("SIGKILL")
  await ended
}
