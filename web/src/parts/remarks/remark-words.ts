/** A line of the trail in words, without who and when: `added the tags vip and q1`. */
import type { Annotate, Remark } from "@waybill/contract"
import type { RunSearch } from "../../paths.ts"
import { lookOfResolution } from "../../ui/resolution-look.ts"

/** Whether a line can be believed in full: later servers may say more. */
type Details = {
  readonly note?: string
  readonly stepId?: string | null
  readonly logLine?: number | null
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
  readonly owner?: string | null
  readonly state?: string
  readonly reason?: string | null
  readonly runId?: string | null
}

export function detailsOf({ details }: Pick<Remark, "details">): Details {
  return (details ?? {}) as Details
}

/** A note that was taken back, as it is written anew: the same words about the same thing. */
export function sameNote(remark: Pick<Remark, "details">): Annotate {
  const { note = "", stepId, logLine } = detailsOf(remark)
  return { note, ...(stepId != null && { stepId }), ...(logLine != null && { logLine }) }
}

/** What of the run a note is about, and where that is; null: the run. A line of the log is its step's, too: the line is told. */
export function aboutWhat(
  remark: Pick<Remark, "details">,
): { readonly words: string; readonly search: RunSearch } | null {
  const { stepId, logLine } = detailsOf(remark)
  if (logLine != null) return { words: `About line ${logLine} of the log`, search: { tab: "logs", line: logLine } }
  return stepId ? { words: "About a step", search: { step: stepId } } : null
}

export function remarkWords(remark: Pick<Remark, "kind" | "details">): string {
  const { add = [], remove = [], owner, state = "", reason, runId } = detailsOf(remark)
  switch (remark.kind) {
    case "note.added":
      return "wrote a note"
    case "note.withdrawn":
      return "took a note back"
    case "tags.changed":
      return [tagWords("added", add), tagWords("removed", remove)].filter((part) => part !== "").join(" and ")
    case "owner.set":
      return owner === null || owner === undefined ? "took the owner away" : `assigned it to ${owner}`
    case "resolution.set": {
      const why = reason ? `: ${reason}` : ""
      return runId ? `marked it as superseded by a re-run that completed` : `marked it as ${wordOf(state)}${why}`
    }
    case "resolution.undone":
      return "took the resolution back"
    default:
      return remark.kind
  }
}

function tagWords(verb: string, tags: readonly string[]): string {
  if (tags.length === 0) return ""
  return `${verb} the ${tags.length === 1 ? "tag" : "tags"} ${tags.join(", ")}`
}

function wordOf(state: string): string {
  return lookOfResolution(state).word.toLowerCase()
}

/** The ids of notes that were taken back, as far as these lines tell. */
export function withdrawnIn(remarks: readonly Remark[]): ReadonlySet<string> {
  const ids = remarks.flatMap(({ kind, details }) =>
    kind === "note.withdrawn" ? [(details as { readonly remarkId: string }).remarkId] : [],
  )
  return new Set(ids)
}
