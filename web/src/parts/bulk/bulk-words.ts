/** What is done to many runs, in words: before, meanwhile and afterwards. */
import type { Bulk } from "@waybill/contract"

export type BulkAction = Bulk["action"]

export function runs(count: number): string {
  return count === 1 ? "1 run" : `${count.toLocaleString("en")} runs`
}

export const bulkWords = {
  cancel: {
    verb: "Cancel",
    doing: "Cancelling",
    done: "Cancelled",
    effects: [
      "Nothing new starts in them. Agents that work now are asked to stop; what they have done in the world stays done.",
      "Clean-up blocks run first, and open approvals and waits are closed. It cannot be taken back.",
    ],
  },
  rerun: {
    verb: "Re-run",
    doing: "Re-running",
    done: "Re-run",
    effects: [
      "Each becomes a new run, linked to the one it repeats; those that have ended stay as they are.",
      "Agents act on the world again wherever the new runs pass. They start one after the other, so that others keep their room.",
    ],
  },
  tag: {
    verb: "Tag",
    doing: "Tagging",
    done: "Tagged",
    effects: ["Tags stand beside the runs: nothing about how they ran changes, and they can be taken away again."],
  },
  assign: {
    verb: "Assign",
    doing: "Assigning",
    done: "Assigned",
    effects: ["Whoever owns a run is who others ask about it; nothing about how it runs changes."],
  },
  resolve: {
    verb: "Resolve",
    doing: "Resolving",
    done: "Resolved",
    effects: ["It is said of each run how it was dealt with; its status stays what it was."],
  },
} as const satisfies Record<BulkAction, unknown>

/** `Cancelling 20 runs`, `Cancelled 18 of 20 runs`, `Stopped after 5 of 20 runs`. */
export function progressWords({ action, state, counts }: Bulk): string {
  const { verb, doing, done } = bulkWords[action]
  const of = (count: number) =>
    count === counts.total ? runs(count) : `${count.toLocaleString("en")} of ${runs(counts.total)}`
  switch (state) {
    case "preview":
      return `${verb} ${runs(counts.left)}`
    case "running":
      return `${doing} ${runs(counts.total)}`
    case "paused":
      return `${doing} ${runs(counts.total)} is paused`
    case "done":
      return `${done} ${of(counts.done)}`
    case "aborted":
      return `Stopped: ${done.toLowerCase()} ${of(counts.done)}`
  }
}

/** `12 done, 1 refused, 7 left`; what there is none of is left out. */
export function countWords({ done, refused, left }: Bulk["counts"]): string {
  const parts = [done > 0 && `${done} done`, refused > 0 && `${refused} refused`, left > 0 && `${left} left`]
  return parts.filter((part) => part !== false).join(", ")
}
