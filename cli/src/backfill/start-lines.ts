/** Starts what is owed, one after the other at its pace. What was started before, today or a month ago, is left alone. */
import type { StartRun } from "@waybill/contract"
import { type Client, ProblemError } from "@waybill/sdk"
import type { OwedRun } from "./lines.ts"

export interface StartedLines {
  readonly started: number
  readonly before: number
}

const wordsOfLater: ReadonlySet<string> = new Set(["backfill_too_fast", "overloaded"])
const triesMax = 60
const againMs = 1_000

export async function startLines(
  client: Client,
  owed: readonly OwedRun[],
  common: Omit<StartRun, "input" | "correlationId">,
  perSecond: number,
  told: (done: StartedLines) => void,
): Promise<StartedLines> {
  const everyMs = 1_000 / perSecond
  let next = performance.now()
  let done: StartedLines = { started: 0, before: 0 }
  for (const one of owed) {
    const isNew = !(await isThere(client, one.key)) && (await startOne(client, one, common))
    done = isNew ? { ...done, started: done.started + 1 } : { ...done, before: done.before + 1 }
    told(done)
    if (!isNew) continue
    next = Math.max(next + everyMs, performance.now())
    await pause(next - performance.now())
  }
  return done
}

/** Idempotency keys are forgotten after a day; what a run was started for is not. */
async function isThere(client: Client, key: string): Promise<boolean> {
  const { items } = await client.runs.list({ correlationId: key, limit: 1 })
  return items.length > 0
}

/** False: somebody else was quicker. */
async function startOne(client: Client, { input, key }: OwedRun, common: Omit<StartRun, "input">): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      await client.runs.start({ ...common, input, correlationId: key }, { idempotencyKey: key })
      return true
    } catch (error) {
      const isLater = error instanceof ProblemError && wordsOfLater.has(error.problem.code)
      if (!isLater || tries >= triesMax) throw error
      await pause(againMs)
    }
  }
}

function pause(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
}
