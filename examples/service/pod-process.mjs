/**
 * A pod as the supervisor holds it: one name, one log file and, one after the other, the processes that serve under it.
 * A process that ends by itself is started again, as a cluster would; operations on one pod happen one at a time.
 */
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { startChild, stopChild } from "./child.mjs"

const MODULE = fileURLToPath(new URL("./pod.mjs", import.meta.url))
const RESTART_DELAY_MS = 500

export class PodProcess {
  #child
  #url
  #restarts = 0
  #startedAt
  #ended = false
  #turn = Promise.resolve()

  constructor({ namespace, service, name, logFile, log }) {
    Object.assign(this, { namespace, service, name, logFile, log })
  }

  /** Undefined while no process serves under this name. */
  get url() {
    return this.#url
  }

  describe() {
    return {
      name: this.name,
      namespace: this.namespace,
      service: this.service,
      phase: this.#url === undefined ? "starting" : "running",
      pid: this.#child?.pid ?? null,
      url: this.#url ?? null,
      restarts: this.#restarts,
      startedAt: this.#startedAt ?? null,
      logFile: this.logFile,
    }
  }

  start() {
    return this.#inTurn(() => this.#launch())
  }

  /** A new process instead of the present one. @returns {Promise<{ oldPid: number | null, pid: number }>} */
  restart() {
    return this.#inTurn(async () => {
      const old = this.#child
      this.#child = undefined
      this.#url = undefined
      if (old) await stopChild(old)
      this.#restarts += 1
      await this.#launch()
      return { oldPid: old?.pid ?? null, pid: this.#child.pid }
    })
  }

  stop() {
    this.#ended = true
    return this.#inTurn(async () => {
      this.#url = undefined
      if (this.#child) await stopChild(this.#child)
    })
  }

  #inTurn(work) {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => {})
    return turn
  }

  async #launch() {
    if (this.#ended) return
    const { child, ready } = await startChild(MODULE, ["--name", this.name, "--log", this.logFile])
    this.#child = child
    this.#url = `http://127.0.0.1:${ready.port}`
    this.#startedAt = new Date().toISOString()
    child.once("exit", (code, signal) => this.#gone(child, signal ?? code))
  }

  #gone(child, how) {
    if (this.#child !== child || this.#ended) return
    this.#child = undefined
    this.#url = undefined
    this.log(`pod ${this.name} ended by itself (${how}); starting it again`)
    this.#inTurn(async () => {
      await delay(RESTART_DELAY_MS)
      if (this.#child) return
      this.#restarts += 1
      await this.#launch()
    }).catch((error) => this.log(`pod ${this.name} does not start: ${error.message}`))
  }
}
