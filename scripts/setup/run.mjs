// @ts-check
import { spawn } from "node:child_process"
import { ROOT } from "./root.mjs"

/**
 * Runs a program to its end in the project's folder.
 * @param {string} program @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, show?: boolean, cwd?: string }} [options] `show`: its output goes to ours as it comes
 * @returns {Promise<{ code: number, output: string }>} a program ended by a signal has code 1
 */
export function run(program, args, { env = process.env, show = false, cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
    })
    /** @type {Buffer[]} */
    const chunks = []
    child.stdout?.on("data", (chunk) => chunks.push(chunk))
    child.stderr?.on("data", (chunk) => chunks.push(chunk))
    child.on("error", reject)
    child.on("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString("utf8") }))
  })
}
