/** What each type of state does when it is entered or woken (dsl.md §4). */
import type { EmitState, InjectState, RaiseState, State, SwitchState } from "../../definition/model.ts"
import { isJsonObject } from "../../json.ts"
import { defOf } from "../names.ts"
import { asText } from "../render.ts"
import type { Visit } from "../state.ts"
import { toStored } from "../stored.ts"
import { beginApproval } from "./approvals.ts"
import { beginAgent } from "./attempts.ts"
import { beginChild } from "./children.ts"
import { askTruth, fill, read } from "./expressions.ts"
import { failure } from "./failure.ts"
import { advanceHolder, beginHolder } from "./holders.ts"
import { exit, fail, succeed } from "./outcome.ts"
import { conclude, visitCause } from "./unwind.ts"
import { beginListen, beginWait } from "./waits.ts"
import type { Work } from "./work.ts"
import { write } from "./write.ts"

/** The pause gate stands in front of new attempts and children (rule 13). */
export function isGated(work: Work, visit: Visit): boolean {
  if (!work.state.paused || visitCause(work.state, visit) !== null) return false
  return (visit.type === "operation" && visit.action === "agent.run") || visit.type === "run"
}

export function begin(work: Work, visit: Visit): void {
  if (visitCause(work.state, visit) !== null) return conclude(work, visit)
  if (visit.holds !== null) return advanceHolder(work, visit)
  if (visit.woken === "wait") return succeed(work, visit)
  const def = defOf(work.definition, work.state, visit)
  if (def.if !== null && visit.scheduled === null) {
    const asked = askTruth(work, visit, def.if)
    if (!asked.ok) return fail(work, visit, asked.error, "FAILED")
    if (!asked.value) return skip(work, visit, def)
  }
  enterType(work, visit, def)
}

function skip(work: Work, visit: Visit, def: State): void {
  if (def.type === "operation") work.emit("step.skipped", visit.stepId, { reason: `if: ${def.if!.source}` })
  exit(work, visit, { status: "SKIPPED", next: def.next, route: "if" })
}

function enterType(work: Work, visit: Visit, def: State): void {
  switch (def.type) {
    case "operation":
      return def.action === "agent.run" ? beginAgent(work, visit, def) : beginApproval(work, visit, def)
    case "switch":
      return beginSwitch(work, visit, def)
    case "inject":
      return beginInject(work, visit, def)
    case "wait":
      return beginWait(work, visit, def)
    case "listen":
      return beginListen(work, visit, def)
    case "emit":
      return beginEmit(work, visit, def)
    case "run":
      return beginChild(work, visit, def)
    case "raise":
      return beginRaise(work, visit, def)
    case "parallel":
    case "foreach":
    case "loop":
    case "try":
      return beginHolder(work, visit, def)
  }
}

function beginSwitch(work: Work, visit: Visit, def: SwitchState): void {
  let data: Parameters<typeof askTruth>[3] = {}
  if (def.dataPath !== null) {
    const found = read(work, visit, def.dataPath, "dataPath")
    if (!found.ok)
      return def.onError === "default" && def.defaultNext !== null
        ? route(work, visit, def.defaultNext, "default (dataPath failed)")
        : fail(work, visit, found.error, "FAILED")
    data = { result: found.value }
  }
  for (const [index, condition] of def.conditions.entries()) {
    const asked = askTruth(work, visit, condition.if, data)
    if (!asked.ok) {
      if (def.onError === "default" && def.defaultNext !== null)
        return route(work, visit, def.defaultNext, `default (condition ${index + 1} failed)`)
      return fail(work, visit, asked.error, "FAILED")
    }
    if (asked.value) return route(work, visit, condition.next, condition.name ?? condition.if.source)
  }
  if (def.defaultNext !== null) return route(work, visit, def.defaultNext, "default")
  fail(
    work,
    visit,
    failure(visit, {
      class: "bug",
      kind: "no_match",
      code: "no_match",
      title: "No condition matched",
      detail: `none of the ${def.conditions.length} conditions of ${def.name} is true and it has no defaultNext`,
    }),
    "FAILED",
  )
}

function route(work: Work, visit: Visit, next: string, why: string): void {
  exit(work, visit, { status: "SUCCEEDED", next, route: why })
}

function beginInject(work: Work, visit: Visit, def: InjectState): void {
  const data = fill(work, visit, def.data)
  if (!data.ok) return fail(work, visit, data.error, "FAILED")
  if (def.result.path !== null) return succeed(work, visit, { value: data.value })
  if (!isJsonObject(data.value))
    return fail(
      work,
      visit,
      failure(visit, {
        class: "validation_failed",
        code: "result_path_invalid",
        title: "Nothing to merge",
        detail: "inject without a resultPath merges an object into the context",
      }),
      "FAILED",
    )
  const refused = write(work, visit, [], "merge", data.value, null)
  if (refused !== null) return fail(work, visit, refused, "FAILED")
  exit(work, visit, { status: "SUCCEEDED", next: def.next })
}

function beginEmit(work: Work, visit: Visit, def: EmitState): void {
  const text = (template: EmitState["event"]["type"]) => fill(work, visit, template)
  const type = text(def.event.type)
  const source = def.event.source === null ? null : text(def.event.source)
  const subject = def.event.subject === null ? null : text(def.event.subject)
  const data = def.event.data === null ? null : fill(work, visit, def.event.data)
  for (const part of [type, source, subject, data])
    if (part !== null && !part.ok) return fail(work, visit, part.error, "FAILED")
  const value = (part: typeof source) => (part?.ok ? asText(part.value) : null)
  const id = work.env.newId("evt")
  work.emit("event.emitted", visit.stepId, {
    type: value(type)!,
    source: value(source) ?? `/workflows/${work.definition.id}`,
    subject: value(subject),
    id,
    data: data?.ok ? toStored(work.blobs, data.value, work.env.limits.inlineBytesMax) : null,
  })
  succeed(work, visit, { value: { id } })
}

function beginRaise(work: Work, visit: Visit, def: RaiseState): void {
  const type = fill(work, visit, def.error.type)
  const title = def.error.title === null ? null : fill(work, visit, def.error.title)
  const detail = def.error.detail === null ? null : fill(work, visit, def.error.detail)
  for (const part of [type, title, detail])
    if (part !== null && !part.ok) return fail(work, visit, part.error, "FAILED")
  const code = type.ok ? asText(type.value) : "raised"
  const classes = ["transient", "validation_failed", "external_api", "policy_denied", "bug"] as const
  fail(
    work,
    visit,
    failure(visit, {
      class: classes.find((name) => name === code) ?? "bug",
      code,
      title: title?.ok ? asText(title.value) : code,
      detail: detail?.ok ? asText(detail.value) : `${visit.name} raised ${code}`,
    }),
    "FAILED",
  )
}
