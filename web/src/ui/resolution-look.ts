/** What became of a failure, as word, tone and glyph. */
import type { Look } from "./look.ts"

export const resolutionLook = {
  open: { word: "Not resolved", tone: "failed", glyph: "alert" },
  acknowledged: { word: "Acknowledged", tone: "waiting", glyph: "person" },
  resolved: { word: "Resolved", tone: "completed", glyph: "check" },
  superseded: { word: "Superseded", tone: "completed", glyph: "skip" },
  wont_fix: { word: "Won’t fix", tone: "quiet", glyph: "slash" },
} as const satisfies Readonly<Record<string, Look>>

export function lookOfResolution(state: string): Look {
  return (resolutionLook as Readonly<Record<string, Look>>)[state] ?? { word: state, tone: "quiet", glyph: "dotted" }
}
