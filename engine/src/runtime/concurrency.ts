/**
 * Who holds a concurrency key and who waits for it (rule 28): an index over the runs that are not final, made again at
 * boot from their rows. The truth is in each run's events (`run.started {slot}`, `run.queued`); here is only what spans
 * runs. A slot is free when its holder's terminal event is durable, and goes to the run that was created first.
 */
import type { Command } from "../core/run/commands.ts"
import type { RunCreated } from "../core/run/events.ts"

export interface ConcurrencyPorts {
  submit(runId: string, command: Command, done: (taken: boolean) => void): void
}

interface Waiter {
  readonly runId: string
  readonly createdAt: number
  /** Of the definition that the waiting run is pinned to. */
  readonly limit: number
}

interface Key {
  readonly holders: Set<string>
  /** By creation, the oldest first. */
  readonly waiting: Waiter[]
}

export class Concurrency {
  readonly #ports: ConcurrencyPorts
  readonly #keys = new Map<string, Key>()
  /** The key that a run holds or waits for. */
  readonly #ofRun = new Map<string, string>()

  constructor(ports: ConcurrencyPorts) {
    this.#ports = ports
  }

  /** Inside the decision of a start. */
  join(runId: string, created: RunCreated, now: number): "slot" | "queue" | "refused" {
    const { concurrency } = created
    if (concurrency === null) return "slot"
    const name = nameOf(created.workspaceId, created.workflowId, concurrency.key)
    const key = this.#key(name)
    if (key.waiting.length === 0 && key.holders.size < concurrency.limit) {
      key.holders.add(runId)
      this.#ofRun.set(runId, name)
      return "slot"
    }
    if (concurrency.onLimit === "cancelNew") {
      this.#forget(name, key)
      return "refused"
    }
    this.#wait(name, { runId, createdAt: now, limit: concurrency.limit })
    return "queue"
  }

  /** A start that did not happen, or a run whose terminal event is durable: the next one gets the slot. */
  leave(runId: string): void {
    const name = this.#ofRun.get(runId)
    if (name === undefined) return
    this.#ofRun.delete(runId)
    const key = this.#key(name)
    key.holders.delete(runId)
    const at = key.waiting.findIndex((waiter) => waiter.runId === runId)
    if (at >= 0) key.waiting.splice(at, 1)
    this.#grant(name, key)
  }

  /** The start of this run is durable. With `cancelRunning` it ends all that hold the key or wait for it longer. */
  started(runId: string, created: RunCreated): void {
    if (created.concurrency?.onLimit !== "cancelRunning") return
    const name = this.#ofRun.get(runId)
    const key = name === undefined ? undefined : this.#keys.get(name)
    if (key === undefined || !key.waiting.some((waiter) => waiter.runId === runId)) return
    const reason = `superseded by ${runId}`
    const older: string[] = [...key.holders]
    for (const waiter of key.waiting) {
      if (waiter.runId === runId) break
      older.push(waiter.runId)
    }
    for (const other of older)
      this.#ports.submit(other, { kind: "cancel", cause: { kind: "superseded", reason, force: false } }, noop)
  }

  /** At boot: a run that holds its key, by its row. */
  restoreHolder(runId: string, workspaceId: string, workflowId: string, key: string): void {
    const name = nameOf(workspaceId, workflowId, key)
    this.#key(name).holders.add(runId)
    this.#ofRun.set(runId, name)
  }

  /** At boot: a run that waits, once its events are read. */
  restoreWaiter(runId: string, created: RunCreated, createdAt: number): void {
    if (created.concurrency === null || this.#ofRun.has(runId)) return
    const name = nameOf(created.workspaceId, created.workflowId, created.concurrency.key)
    this.#wait(name, { runId, createdAt, limit: created.concurrency.limit })
    this.started(runId, created)
    this.#grant(name, this.#key(name))
  }

  knows(runId: string): boolean {
    return this.#ofRun.has(runId)
  }

  /** Who holds the key that a run waits for, and how many wait before it; null = it waits for none. */
  line(runId: string): { readonly holders: readonly string[]; readonly ahead: number } | null {
    const name = this.#ofRun.get(runId)
    const key = name === undefined ? undefined : this.#keys.get(name)
    const ahead = key?.waiting.findIndex((waiter) => waiter.runId === runId) ?? -1
    return key === undefined || ahead < 0 ? null : { holders: [...key.holders], ahead }
  }

  /** A child that waits for a key which one of its ancestors holds waits for ever. */
  wouldDeadlock(created: RunCreated, ancestors: readonly string[]): boolean {
    const { concurrency } = created
    if (concurrency === null || concurrency.onLimit === "cancelNew") return false
    const key = this.#keys.get(nameOf(created.workspaceId, created.workflowId, concurrency.key))
    if (key === undefined || key.holders.size < concurrency.limit) return false
    return ancestors.some((ancestor) => key.holders.has(ancestor))
  }

  #wait(name: string, waiter: Waiter): void {
    const { waiting } = this.#key(name)
    let at = waiting.length
    while (at > 0 && isBefore(waiter, waiting[at - 1]!)) at--
    waiting.splice(at, 0, waiter)
    this.#ofRun.set(waiter.runId, name)
  }

  #grant(name: string, key: Key): void {
    for (let next = key.waiting[0]; next !== undefined && key.holders.size < next.limit; next = key.waiting[0]) {
      key.waiting.shift()
      const { runId } = next
      key.holders.add(runId)
      this.#ports.submit(runId, { kind: "grant-slot" }, (taken) => {
        // It has ended meanwhile, and its end has freed nothing that it held.
        if (!taken && this.#ofRun.get(runId) === name) this.leave(runId)
      })
    }
    this.#forget(name, key)
  }

  #key(name: string): Key {
    let key = this.#keys.get(name)
    if (key === undefined) {
      key = { holders: new Set(), waiting: [] }
      this.#keys.set(name, key)
    }
    return key
  }

  #forget(name: string, key: Key): void {
    if (key.holders.size === 0 && key.waiting.length === 0) this.#keys.delete(name)
  }
}

function nameOf(workspaceId: string, workflowId: string, key: string): string {
  return JSON.stringify([workspaceId, workflowId, key])
}

function isBefore(a: Waiter, b: Waiter): boolean {
  return a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.runId < b.runId)
}

function noop(): void {}
