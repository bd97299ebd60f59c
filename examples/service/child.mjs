/**
 * Parents and children of the example, over the IPC channel of `fork`: a child says when it is ready, and ends by itself
 * as soon as its parent is gone. The channel closes even when the parent is killed with signal 9, so nothing of the
 * example outlives whoever started it.
 */
import { fork } from "node:child_process"

/** In a child: tells the parent something; without a parent (run by hand) it is printed. */
export function report(message) {
  if (process.send) process.send(message, () => {})
  else console.log(typeof message.log === "string" ? message.log : JSON.stringify(message))
}

/** In a child: runs `close` once on SIGTERM (or Ctrl-C by hand) and ends at once when the parent is gone. */
export function endWithParent(close) {
  let closing = false
  const end = () => {
    if (closing) return
    closing = true
    close().finally(() => process.exit(0))
  }
  process.on("SIGTERM", end)
  // Ctrl-C reaches the whole process group; a parent that drains still needs its children and ends them itself.
  process.on("SIGINT", () => {
    if (!process.send) end()
  })
  if (process.send) process.on("disconnect", () => process.exit(0))
}

/**
 * In a parent: starts a module as a child and waits for its `ready` message.
 * @returns {Promise<{ child: import("node:child_process").ChildProcess, ready: any }>}
 */
export async function startChild(module, args, { onLog = () => {}, deadlineMs = 15_000 } = {}) {
  const { NODE_OPTIONS: _ours, ...env } = process.env
  const child = fork(module, args, { execArgv: [], env, stdio: ["ignore", "ignore", "inherit", "ipc"] })
  const ready = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${module} was not ready in ${deadlineMs} ms`)), deadlineMs)
    child.once("exit", (code, signal) => reject(new Error(`${module} ended at its start (${signal ?? code})`)))
    child.once("error", reject)
    child.on("message", (message) => {
      if (message.ready) {
        clearTimeout(timer)
        resolve(message.ready)
      }
      if (message.log) onLog(message.log)
    })
  }).catch(async (error) => {
    await stopChild(child)
    throw error
  })
  return { child, ready }
}

/** In a parent: SIGTERM, then SIGKILL after the grace; resolves when the process is gone. */
export async function stopChild(child, graceMs = 2_000) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise((resolve) => child.once("exit", resolve))
  child.kill("SIGTERM")
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs)
  await gone
  clearTimeout(timer)
}
