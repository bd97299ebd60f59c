/**
 * Looking into a run: what changed in its context, an expression over it, values of its events. Contexts are folded and
 * asked off the engine's thread; nothing of it moves the run or needs its actor (architecture §8).
 */
import type { Json } from "../../core/json.ts"
import type { Stored } from "../../core/run/events.ts"
import type { BlobTexts, ContextAnswer } from "../../core/views/context-questions.ts"
import type { Answer } from "../../door.ts"
import type { RunInsights } from "../../ports/run-insights.ts"
import type { RunStore } from "../../ports/store.ts"

type Store = Pick<RunStore, "blobs">

export interface InspectPorts {
  readonly store: Store
  readonly insights: Pick<RunInsights, "contextChanges" | "evaluate">
}

/** Of a run that goes on a later look may need further large values: not for ever. */
const asksMax = 5

/** Null: no such run, or nothing of it can be read. */
export function contextChanges(
  { store, insights }: InspectPorts,
  runId: string,
  points: { readonly from: number | null; readonly to: number | null },
  limit: number,
): Promise<string | null> {
  return withValues(store, (blobs) => insights.contextChanges(runId, points, limit, blobs))
}

/** @returns the text of the value's JSON */
export async function evaluateExpression(
  { store, insights }: InspectPorts,
  expression: string,
  runId: string | null,
  at: number | null,
): Promise<Answer<string>> {
  const done = await withValues(store, (blobs) => insights.evaluate(expression, runId, at, blobs))
  if (done === null) return { ok: false, rejection: { code: "run_not_found", message: `there is no run ${runId}` } }
  return done.ok ? { ok: true, value: done.text, position: 0 } : done
}

async function withValues<T>(
  store: Store,
  ask: (blobs: BlobTexts) => Promise<ContextAnswer<T> | null>,
): Promise<T | null> {
  const blobs = new Map<string, string | null>()
  for (let asks = 0; asks < asksMax; asks++) {
    const answer = await ask(blobs)
    if (answer === null) return null
    if (answer.kind === "told") return answer.told
    const found = await store.blobs(answer.blobs)
    for (const hash of answer.blobs) blobs.set(hash, found.get(hash) ?? null)
  }
  throw new Error("the context changed at every look")
}

/** A value of an event, taken out of the blob store when it lies there. */
export async function storedValue(store: Store, stored: Stored): Promise<Json> {
  return "value" in stored ? stored.value : (JSON.parse(await storedText(store, stored)) as Json)
}

/** The same as the text of its JSON, which large values are stored as: nothing of them is read. */
export async function storedText(store: Store, stored: Stored): Promise<string> {
  if ("value" in stored) return JSON.stringify(stored.value)
  const found = (await store.blobs([stored.blob])).get(stored.blob)
  if (found === undefined) throw new Error(`blob ${stored.blob} is not in the store`)
  return found
}
