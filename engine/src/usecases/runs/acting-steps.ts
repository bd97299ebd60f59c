/**
 * Which single steps of a stored run would act on the world a second time, if it were run again from an event on: a
 * state that holds blocks is begun anew as a whole, so what had succeeded inside it acts again, too.
 */
import type { StepEnd } from "../../core/run/events.ts"
import type { RerunStep } from "../../door.ts"
import { decodeEvent } from "../../runtime/run-loader.ts"
import type { RunHistoryReads } from "./rerun-source.ts"

/** More are counted, and not listed. */
const listedMax = 200

/** A codec that no snapshot has: the whole history is read. */
const wholeHistory = ""

export async function readActingSteps(
  store: RunHistoryReads,
  runId: string,
  fromSeq: number,
): Promise<{ readonly steps: readonly RerunStep[]; readonly count: number }> {
  const steps = new Map<string, { -readonly [K in keyof RerunStep]: RerunStep[K] }>()
  let count = 0
  for (const stored of (await store.load(runId, wholeHistory))?.events ?? []) {
    if (stored.seq < fromSeq || stored.stepId === null) continue
    const known = steps.get(stored.stepId)
    if (stored.type === "state.entered") {
      const event = decodeEvent(stored)
      if (event.type !== "state.entered") continue
      const { name, branchPath, type, action } = event.payload
      const what = acts(type, action)
      if (what === null) continue
      count++
      if (steps.size < listedMax)
        steps.set(stored.stepId, { stepId: stored.stepId, name, branchPath, what, agent: null, status: null })
    } else if (known !== undefined && stored.type === "step.scheduled") {
      const event = decodeEvent(stored)
      if (event.type === "step.scheduled") known.agent = event.payload.agent
    } else if (known !== undefined && stored.type === "state.exited") {
      known.status = (decodeEvent(stored).payload as { readonly status: StepEnd }).status
    }
  }
  // What was left out of the first run did nothing that could be repeated.
  const done = [...steps.values()].filter(({ status }) => status !== "SKIPPED")
  return { steps: done, count: count - (steps.size - done.length) }
}

function acts(type: string, action: string | null): RerunStep["what"] | null {
  if (type === "operation") return action === "human.approval" ? "approval" : "agent"
  if (type === "emit") return "event"
  return type === "run" ? "child" : null
}
