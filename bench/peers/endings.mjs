/** That whatever was started is ended: in order when all went well, at once when somebody says so or has gone. */
import { setTimeout as delay } from "node:timers/promises"

const endMs = 10_000

/** What has to be ended, the last first, each within a time. */
export function endings() {
  /** @type {(() => Promise<unknown> | undefined)[]} */
  const ends = []
  /** @type {number[]} */
  const pids = []
  let over = false
  return {
    spawned: (/** @type {number} */ pid) => void pids.push(pid),
    /** Whoever is told to end has no time for a server that ends in order. */
    killSpawned() {
      for (const pid of pids) kill(pid)
    },
    add(/** @type {() => Promise<unknown> | undefined} */ end) {
      if (over) throw new Error("told to end")
      ends.unshift(end)
    },
    async run() {
      over = true
      for (const end of ends) {
        const ending = Promise.resolve(end()).catch((error) => console.error(error))
        await Promise.race([ending, delay(endMs, undefined, { ref: false })])
      }
    },
  }
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It has gone by itself.
  }
}

/** Resolves when somebody says so, or when who asked has gone, be it before this was loaded. */
export function toldToEnd() {
  return new Promise((resolve) => {
    if (process.connected === false) resolve(undefined)
    for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, resolve)
    process.once("disconnect", resolve)
  })
}
