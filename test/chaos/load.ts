/** A small, mixed load over HTTP that does not lose count of what it asked for when the server dies under it. */
import { randomUUID } from "node:crypto"
import { setTimeout as delay } from "node:timers/promises"
import { type ProblemError, UnreachableError } from "@waybill/sdk"
import type { ServerProcess } from "./server-process.ts"

export interface Asked {
  readonly workflowId: string
  readonly key: string
  runId: string | null
}

const mixed: readonly string[] = ["chain", "fan", "gate", "chain"]

export class Load {
  readonly asked: Asked[] = []
  readonly #ledger: string
  readonly #workflows: readonly string[]
  /** Gates whose signal was taken: nobody has to knock again. */
  readonly #opened = new Set<string>()

  constructor(ledger: string, workflows = mixed) {
    this.#ledger = ledger
    this.#workflows = workflows
  }

  /** Starts runs; one whose answer was lost is asked for again with the same key. */
  async start(server: ServerProcess, count: number): Promise<void> {
    for (let index = 0; index < count; index++)
      this.asked.push({
        workflowId: this.#workflows[this.asked.length % this.#workflows.length]!,
        key: randomUUID(),
        runId: null,
      })
    await this.askAgain(server)
  }

  async askAgain(server: ServerProcess): Promise<void> {
    await Promise.all(this.asked.filter((asked) => asked.runId === null).map((asked) => this.#ask(server, asked)))
  }

  async #ask(server: ServerProcess, asked: Asked): Promise<void> {
    try {
      const run = await server.client.runs.start(
        { workflowId: asked.workflowId, input: { ledger: this.#ledger } },
        { idempotencyKey: asked.key },
      )
      asked.runId = run.runId
    } catch (error) {
      if (!(error instanceof UnreachableError) && !isRetryable(error)) throw error
    }
  }

  /** Gives the gates what they wait for: a signal, early or late, and a decision. */
  async open(server: ServerProcess): Promise<void> {
    const gates = this.asked.flatMap(({ workflowId, runId }) =>
      workflowId === "gate" && runId !== null ? [runId] : [],
    )
    await Promise.all(
      gates
        .filter((runId) => !this.#opened.has(runId))
        .map(async (runId) => {
          const go = () => server.client.runs.signal(runId, { name: "go", id: "once", data: { by: "load" } })
          if (await quietly(go)) this.#opened.add(runId)
        }),
    )
    const pending = await server.client.approvals.list({ state: "pending", limit: 200 })
    await Promise.all(
      pending.items.map((approval) =>
        quietly(() => server.client.approvals.decide(approval.runId, approval.approvalId, { outcome: "approve" })),
      ),
    )
  }

  /** Until every run that was asked for has ended; throws with what has not after `withinMs`. */
  async finish(server: ServerProcess, withinMs: number): Promise<ReadonlyMap<string, string>> {
    const until = Date.now() + withinMs
    const ended = new Map<string, string>()
    for (;;) {
      await this.askAgain(server)
      await this.open(server)
      for (const { runId } of this.asked) {
        if (runId === null || ended.has(runId)) continue
        const run = await server.client.runs.get(runId)
        if (run.completedAt !== null) ended.set(runId, run.status)
      }
      if (ended.size === this.asked.length) return ended
      if (Date.now() > until) {
        const open = this.asked.filter(({ runId }) => runId === null || !ended.has(runId))
        const stuck = open[0]?.runId == null ? null : await server.client.runs.get(open[0].runId)
        throw new Error(
          `${open.length} of ${this.asked.length} runs have not ended; the first: ${JSON.stringify(stuck ?? open[0])}`,
        )
      }
      await delay(50)
    }
  }
}

/** True when it is over: done, or somebody else was first. False: the server was not there to say. */
async function quietly(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if (error instanceof UnreachableError || isRetryable(error)) return false
    const code = (error as ProblemError).problem?.code
    if (code === "run_finished" || code === "approval_closed" || code === "signal_replayed") return true
    throw error
  }
}

function isRetryable(error: unknown): boolean {
  const status = (error as ProblemError).problem?.status
  return status === 503 || status === 429
}
