/** Colours and marks. A status always has its word; colour only underlines it. */
import pc from "picocolors"

export type Style = ReturnType<typeof pc.createColors>

export function styleFor(isColoured: boolean): Style {
  return pc.createColors(isColoured)
}

const good = new Set(["COMPLETED", "SUCCEEDED", "approved", "active", "synced", "create", "load", "enable"])
const bad = new Set(["FAILED", "TIMED_OUT", "rejected", "timed_out", "invalid", "conflict", "diverged", "file_missing"])
const open = new Set(["WAITING_APPROVAL", "WAITING_SIGNAL", "PAUSED", "pending", "revised", "disable", "file_changed"])
const moving = new Set(["RUNNING", "PENDING", "update", "changed"])

/** A status or an action in its colour. */
export function toned(style: Style, word: string): string {
  if (good.has(word)) return style.green(word)
  if (bad.has(word)) return style.red(word)
  if (open.has(word)) return style.yellow(word)
  return moving.has(word) ? style.cyan(word) : style.dim(word)
}
