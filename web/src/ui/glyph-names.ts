/** The marks of states. Each has a shape of its own, so that it can be told without its colour. */
export const glyphNames = [
  "check",
  "cross",
  "clock",
  "slash",
  "dotted",
  "turning",
  "person",
  "signal",
  "pause",
  "alert",
  "skip",
] as const
export type GlyphName = (typeof glyphNames)[number]
