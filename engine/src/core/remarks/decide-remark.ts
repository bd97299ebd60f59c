/** Whether something may be said beside a run, and what is then written. Pure: the state is a row and its standing. */
import type { Rejection } from "../run/commands.ts"
import type { RunRow } from "../views/rows.ts"
import { type Noted, type RemarkBody, type ResolutionState, remarkLimits, resolutionStates } from "./remark.ts"
import type { Standing } from "./standing.ts"

export type RemarkAsked =
  | { readonly kind: "annotate"; readonly note: string; readonly stepId: string | null; readonly logLine?: number }
  | { readonly kind: "withdraw"; readonly remarkId: string }
  | { readonly kind: "tag"; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly kind: "assign"; readonly owner: string | null }
  | { readonly kind: "resolve"; readonly state: ResolutionState; readonly reason: string | null }
  | { readonly kind: "reopen" }

export type RemarkDecision =
  /** Null: it is so already, and nothing is written. */
  { readonly ok: true; readonly body: RemarkBody | null } | { readonly ok: false; readonly rejection: Rejection }

/** @param note the one that a withdrawal names, null when there is none */
export function decideRemark(
  run: Pick<RunRow, "runId" | "status" | "completedAt">,
  standing: Standing,
  asked: RemarkAsked,
  note: Noted | null,
): RemarkDecision {
  if (standing.number >= remarkLimits.remarks)
    return no("too_many_remarks", `a run has at most ${remarkLimits.remarks} remarks`)
  switch (asked.kind) {
    case "annotate":
      return textProblem("note", asked.note, remarkLimits.note) ?? yes({ ...asked, kind: "note.added" })
    case "withdraw":
      if (note === null || note.runId !== run.runId || note.body.kind !== "note.added")
        return no("annotation_not_found", `the run has no annotation ${asked.remarkId}`)
      return note.withdrawn !== null ? yes(null) : yes({ kind: "note.withdrawn", remarkId: note.remarkId })
    case "tag":
      return changeTags(standing, asked.add, asked.remove)
    case "assign":
      if (asked.owner === standing.owner) return yes(null)
      return (
        (asked.owner === null ? null : textProblem("owner", asked.owner, remarkLimits.owner)) ??
        yes({ kind: "owner.set", owner: asked.owner })
      )
    case "resolve":
      return resolve(run, standing, asked.state, asked.reason)
    case "reopen":
      return yes(standing.resolution === null ? null : { kind: "resolution.undone" })
  }
}

function changeTags(standing: Standing, adding: readonly string[], removing: readonly string[]): RemarkDecision {
  const { tagsAtOnce, tag: tagMax, tags: tagsMax } = remarkLimits
  if (adding.length > tagsAtOnce || removing.length > tagsAtOnce)
    return no("invalid_request", `at most ${tagsAtOnce} tags are added or removed at once`)
  const both = adding.find((tag) => removing.includes(tag))
  if (both !== undefined) return no("invalid_request", `the tag ${both} is to be added and removed`)
  for (const tag of adding) {
    const problem = textProblem("tag", tag, tagMax)
    if (problem !== null) return problem
  }
  const add = [...new Set(adding)].filter((tag) => !standing.tags.includes(tag))
  const remove = [...new Set(removing)].filter((tag) => standing.tags.includes(tag))
  if (add.length === 0 && remove.length === 0) return yes(null)
  if (standing.tags.length + add.length - remove.length > tagsMax)
    return no("too_many_tags", `a run has at most ${tagsMax} tags`)
  return yes({ kind: "tags.changed", add, remove })
}

function resolve(
  run: Pick<RunRow, "status" | "completedAt">,
  standing: Standing,
  state: ResolutionState,
  reason: string | null,
): RemarkDecision {
  if (!resolutionStates.includes(state)) return no("invalid_request", `a resolution is ${resolutionStates.join(", ")}`)
  if (run.completedAt === null) return no("run_not_finished", "the run has not ended: there is nothing to resolve yet")
  if (run.status === "COMPLETED") return no("nothing_to_resolve", "the run completed")
  if (reason === null && state !== "acknowledged")
    return no("reason_required", `a resolution needs a reason: why it is ${state}`)
  const problem = reason === null ? null : textProblem("reason", reason, remarkLimits.reason)
  if (problem !== null) return problem
  const before = standing.resolution
  if (before !== null && before.state === state && before.reason === reason) return yes(null)
  return yes({ kind: "resolution.set", state, reason, runId: null })
}

function textProblem(name: string, text: string, max: number): RemarkDecision | null {
  if (text.trim() === "") return no("invalid_request", `the ${name} is empty`)
  return text.length > max ? no("invalid_request", `the ${name} has more than ${max} characters`) : null
}

function yes(body: RemarkBody | null): RemarkDecision {
  return { ok: true, body }
}

function no(code: string, message: string): RemarkDecision {
  return { ok: false, rejection: { code, message } }
}
