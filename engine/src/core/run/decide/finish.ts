/** The last event of a run (rule 8): decided when nothing holds a fence, an approval, a wait, a timer or a scope. */
import type { Condition } from "../../definition/model.ts"
import { evaluate, toJson } from "../../expression/starlark/index.ts"
import type { Json, JsonObject } from "../../json.ts"
import type { Cause, Counts, RunError, Stored } from "../events.ts"
import { plain } from "../names.ts"
import { render } from "../render.ts"
import { rootScope, type TerminalStatus } from "../state.ts"
import { fullSizeUpTo, sizeUpTo, toStored } from "../stored.ts"
import { names } from "./expressions.ts"
import { failure } from "./failure.ts"
import { unwindRun } from "./unwind.ts"
import type { Work } from "./work.ts"

/** The top level has come to its end, or is being left before it began. */
export function tryFinish(work: Work): void {
  const root = work.state.scopes.get(rootScope)!
  const failed = root.cursor.kind === "ended" && root.cursor.status !== "SUCCEEDED"
  if (root.lingering.size > 0) {
    if (failed && root.unwinding === null) unwindRun(work, { kind: "run_failed", reason: null, force: false })
    if (root.lingering.size > 0) return
  }
  for (const timer of [...work.state.timers.keys()]) work.emit("timer.cancelled", null, { timer })
  const cause = work.state.cause
  const error = root.cursor.kind === "ended" ? root.cursor.error : null
  if (cause !== null) return endByCause(work, cause, error)
  if (failed) return endFailed(work, error!)
  complete(work)
}

function endByCause(work: Work, cause: Cause, error: RunError | null): void {
  if (cause.kind === "run_timeout") {
    const timeout = failure(null, {
      class: "transient",
      kind: "timeout",
      code: "run_timeout",
      title: "The run took too long",
      detail: cause.reason ?? "the run did not end within its time",
    })
    return end(work, "TIMED_OUT", timeout, () => work.emit("run.timed_out", null, { ...closing(work), error: timeout }))
  }
  if (cause.kind === "run_failed") return endFailed(work, error ?? runaway(cause.reason))
  end(work, "CANCELLED", null, () => work.emit("run.cancelled", null, { ...closing(work), cause }))
}

function runaway(reason: string | null): RunError {
  return failure(null, {
    class: "bug",
    code: "runaway",
    title: "The run does not come to rest",
    detail: reason ?? "too many transitions without an operation, wait or listen",
  })
}

function endFailed(work: Work, error: RunError): void {
  // Nobody came: an approval or a listen that ran out of time ends the run as TIMED_OUT (settled 9).
  if (error.kind === "timeout" && (error.code === "approval_timeout" || error.code === "signal_timeout"))
    return end(work, "TIMED_OUT", error, () => work.emit("run.timed_out", null, { ...closing(work), error }))
  end(work, "FAILED", error, () => work.emit("run.failed", null, { ...closing(work), error }))
}

export function failRun(work: Work, error: RunError): void {
  endFailed(work, error)
}

function closing(work: Work): {
  counts: Counts
  unconsumedSignals?: readonly { name: string; id: string }[]
  suppressed?: readonly RunError[]
} {
  const { counts, mail, suppressed } = work.state
  return {
    counts: { ...counts },
    ...(mail.length === 0 ? {} : { unconsumedSignals: mail.map(({ name, id }) => ({ name, id })) }),
    ...(suppressed.length === 0 ? {} : { suppressed: [...suppressed] }),
  }
}

function end(work: Work, status: TerminalStatus, error: RunError | null, emit: () => void, output: Json = null): void {
  const { created } = work.state
  emit()
  work.effects.push({
    kind: "finished",
    status,
    parentRunId: created.parentRunId,
    output: created.parentRunId === null ? null : output,
    error,
    concurrencyKey: created.concurrency?.key ?? null,
  })
}

function complete(work: Work): void {
  const { definition } = work
  const root = work.state.scopes.get(rootScope)!
  const last = root.last
  let output: Json
  let outputSeq: number | null = null
  if (definition.output?.as != null) {
    const rendered = render(work, root, definition.output.as)
    if (!rendered.ok)
      return endFailed(
        work,
        failure(null, {
          class: "validation_failed",
          code: rendered.code,
          title: "The output names nothing",
          detail: rendered.message,
        }),
      )
    output = rendered.value
    if (sizeUpTo(output, work.env.limits.contextBytesMax) > work.env.limits.contextBytesMax) return endTooLarge(work)
  } else {
    // Looked at before it is read in: what many items left may be more than memory holds.
    const { contextBytesMax } = work.env.limits
    if (last !== null && fullSizeUpTo(last.value, contextBytesMax) > contextBytesMax) return endTooLarge(work)
    outputSeq = last?.seq ?? null
    output =
      last === null
        ? {}
        : outputSeq !== null && work.state.created.parentRunId === null && needsNoOutput(work)
          ? null
          : plain(work, last.value)
  }
  const schema = definition.output?.schema ?? null
  const errors = schema === null ? null : work.env.validator(schema)(output)
  if (errors !== null) {
    return endFailed(
      work,
      failure(null, {
        class: "validation_failed",
        code: "output_invalid",
        title: "The output breaks its schema",
        detail: `${errors[0]?.pointer || "/"} ${errors[0]?.message}`,
      }),
    )
  }
  const stored: Stored | null = outputSeq === null ? toStored(work.blobs, output, work.env.limits.inlineBytesMax) : null
  const effectiveness = measure(work, output)
  end(
    work,
    "COMPLETED",
    null,
    () =>
      work.emit("run.completed", null, {
        ...closing(work),
        outputSeq,
        output: stored,
        ...(effectiveness === null ? {} : { effectiveness }),
      }),
    output,
  )
}

function endTooLarge(work: Work): void {
  endFailed(
    work,
    failure(null, {
      class: "validation_failed",
      code: "value_too_large",
      title: "The output is too large",
      detail: `the output of a run is at most ${work.env.limits.contextBytesMax} bytes: say with output.as what of it matters`,
    }),
  )
}

/** The output stays where its event put it; nothing here looks at it. */
function needsNoOutput(work: Work): boolean {
  return work.definition.output?.schema == null && work.definition.effectiveness === null
}

/** dsl.md §7 `effectiveness`: Starlark over the output; a failing expression leaves its measure out. */
function measure(work: Work, output: Json): JsonObject | null {
  const wanted = work.definition.effectiveness
  if (wanted === null) return null
  const result: Record<string, Json> = {}
  const root = work.state.scopes.get(rootScope)!
  const put = (name: string, condition: Condition | null) => {
    if (condition === null) return
    const done = evaluate(condition.expression, names(work, root, { result: output }), work.budget)
    const value = done.ok ? toJson(done.value) : null
    if (value?.ok) result[name] = value.value
  }
  put("firstPassSuccess", wanted.firstPassSuccess)
  put("accuracy", wanted.accuracy)
  put("throughputDelta", wanted.throughputDelta)
  return result
}
