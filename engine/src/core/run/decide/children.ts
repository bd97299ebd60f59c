/** `run`: child workflows, asked for by message and answered by message (rule 11). */
import type { RunState as RunStateDefinition } from "../../definition/model.ts"
import type { Json } from "../../json.ts"
import type { Rejection } from "../commands.ts"
import type { RunError } from "../events.ts"
import { base32 } from "../place.ts"
import { asText } from "../render.ts"
import type { Visit } from "../state.ts"
import { sizeUpTo, toStored } from "../stored.ts"
import { deadlineMs, startClock } from "./clocks.ts"
import { fill } from "./expressions.ts"
import { failure } from "./failure.ts"
import { fail, succeed } from "./outcome.ts"
import { conclude, visitCause } from "./unwind.ts"
import type { Work } from "./work.ts"

export function beginChild(work: Work, visit: Visit, def: RunStateDefinition): void {
  if (work.state.created.depth >= work.env.limits.childDepthMax) {
    return fail(
      work,
      visit,
      failure(visit, {
        class: "policy_denied",
        code: "recursion_limit",
        title: "Too many generations",
        detail: `runs may be nested ${work.env.limits.childDepthMax} deep`,
      }),
      "FAILED",
    )
  }
  const id = fill(work, visit, def.workflow.id)
  if (!id.ok) return fail(work, visit, id.error, "FAILED")
  const version = def.workflow.version === null ? null : fill(work, visit, def.workflow.version)
  if (version !== null && !version.ok) return fail(work, visit, version.error, "FAILED")
  const input =
    def.workflow.input === null ? { ok: true as const, value: {} as Json } : fill(work, visit, def.workflow.input)
  if (!input.ok) return fail(work, visit, input.error, "FAILED")
  const limit = work.env.limits.valueBytesMax
  if (sizeUpTo(input.value, limit) > limit)
    return fail(
      work,
      visit,
      failure(visit, {
        class: "validation_failed",
        code: "value_too_large",
        title: "A value is too large",
        detail: `the input of a run is at most ${limit} bytes`,
      }),
      "FAILED",
    )
  // The same place asks for the same child, however often the asking is repeated (rule 4).
  const childRunId = `run_${base32(work.env.sha256(`${work.state.runId}/${visit.stepId}`), 26)}`
  const workflowId = asText(id.value)
  const label = version === null ? null : asText(version.value)
  work.emit("child.started", visit.stepId, {
    childRunId,
    workflowId,
    version: label,
    input: toStored(work.blobs, input.value, work.env.limits.inlineBytesMax),
    await: def.await,
    onParentCancel: def.onParentCancel,
  })
  work.effects.push({
    kind: "start-child",
    childRunId,
    parentStepId: visit.stepId,
    workflowId,
    version: label,
    input: input.value,
  })
  const deadline = deadlineMs(def)
  if (!def.await) return succeed(work, visit, { value: { runId: childRunId } })
  if (deadline !== null) startClock(work, visit.stepId, "state_timeout", deadline)
}

export function finishChild(
  work: Work,
  childRunId: string,
  status: string,
  output: Json,
  error: RunError | null,
): Rejection | null {
  const visit = [...work.state.visits.values()].find(
    (candidate) => candidate.phase.kind === "child" && candidate.phase.childRunId === childRunId,
  )
  // Nobody awaits it any more (abandoned, or `await: false`): a fact for the record, nothing to decide.
  if (visit === undefined) return { code: "child_not_awaited", message: `run ${childRunId} is not awaited` }
  const leaving = visitCause(work.state, visit)
  const stored = status === "COMPLETED" ? toStored(work.blobs, output, work.env.limits.inlineBytesMax) : null
  work.emit("child.finished", visit.stepId, { childRunId, status, output: stored, error })
  if (leaving !== null) {
    conclude(work, visit)
    return null
  }
  if (status === "COMPLETED") succeed(work, visit)
  else
    fail(work, visit, childFailure(visit, childRunId, status, error), status === "TIMED_OUT" ? "TIMED_OUT" : "FAILED")
  return null
}

function childFailure(visit: Visit, childRunId: string, status: string, error: RunError | null): RunError {
  return failure(visit, {
    class: error?.class ?? "external_api",
    ...(status === "TIMED_OUT" ? { kind: "timeout" as const } : {}),
    code: "child_failed",
    title: "A child run did not complete",
    detail: `run ${childRunId} ended ${status}${error === null ? "" : `: ${error.detail}`}`,
    ...(error === null ? {} : { cause: error }),
    data: { childRunId, status },
  })
}
