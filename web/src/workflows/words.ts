/** What is said of a workflow beside its figures: whether it takes runs, and how it stands to its file. */
import type { WorkflowFile, WorkflowSummary } from "@waybill/contract"
import type { Look } from "../ui/look.ts"

export const statusLook = {
  active: { word: "Active", tone: "quiet", glyph: "check" },
  disabled: { word: "Disabled", tone: "quiet", glyph: "slash" },
} as const satisfies Record<WorkflowSummary["status"], Look>

export interface SyncWords extends Look {
  /** What to do; null: nothing. */
  readonly advice: string | null
}

type Stands = Pick<WorkflowSummary, "syncState" | "source" | "problems" | "version" | "file">

/** In words what the sync has found, and what somebody should do about it. */
export function syncWords({ syncState, problems, version }: Stands): SyncWords {
  switch (syncState) {
    case "synced":
      return { word: "Synced from its file", tone: "quiet", glyph: "check", advice: null }
    case "none":
      return { word: "Made over the API", tone: "quiet", glyph: "dotted", advice: null }
    case "file_changed":
      return {
        word: "Its file has changed",
        tone: "waiting",
        glyph: "alert",
        advice: "Sync the environment, and what is in the file serves.",
      }
    case "diverged":
      return {
        word: "Changed over the API",
        tone: "waiting",
        glyph: "alert",
        advice: "Take what serves into the file, or force a sync, and the file wins.",
      }
    case "file_missing":
      return {
        word: "Its file is gone",
        tone: "waiting",
        glyph: "alert",
        advice: "Put the file back and sync, or save the definition over the API; its runs are kept.",
      }
    case "invalid":
      return {
        word: problems.length === 1 ? "Its file has a problem" : `Its file has ${problems.length} problems`,
        tone: "failed",
        glyph: "alert",
        advice: `Version ${version} goes on serving until the file is mended.`,
      }
  }
}

/** The state is that of the last sync; what its author has saved since is seen in the file itself. */
export function asOnDisk(workflow: Stands, file: Pick<WorkflowFile, "text" | "serves" | "problems">): Stands {
  if (workflow.syncState !== "synced" || file.serves) return workflow
  const errors = file.problems.filter(({ severity }) => severity === "error")
  if (errors.length > 0) return { ...workflow, syncState: "invalid", problems: errors }
  return { ...workflow, syncState: file.text === null ? "file_missing" : "file_changed" }
}

export const needsCare = (workflow: Stands): boolean => syncWords(workflow).advice !== null

/** For the filter, in the order in which they want attention. */
export const syncChoices = {
  invalid: "File has problems",
  diverged: "Changed over the API",
  file_changed: "File has changed",
  file_missing: "File is gone",
  synced: "Synced from the file",
  none: "Made over the API",
} as const satisfies Record<WorkflowSummary["syncState"], string>

export const percent = (rate: number): string => {
  const hundredths = rate * 100
  // 99.96 % is not all of them, and 0.04 % is not none.
  const rounded = hundredths > 99 && hundredths < 100 ? Math.floor(hundredths * 10) / 10 : Math.round(hundredths)
  return `${hundredths > 0 && rounded === 0 ? "<1" : rounded} %`
}
