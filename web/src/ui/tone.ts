/** The five meanings a colour may have here, and quiet for what asks nothing of anybody (`styles.css`, `--status-*`). */
export const tones = ["completed", "failed", "waiting", "running", "stalled", "quiet"] as const
export type Tone = (typeof tones)[number]

/** Whole class names: what Tailwind cannot read in the source it does not write. */
export const toneText = {
  completed: "text-completed",
  failed: "text-failed",
  waiting: "text-waiting",
  running: "text-running",
  stalled: "text-stalled",
  quiet: "text-quiet",
} as const satisfies Record<Tone, string>

export const toneFill = {
  completed: "bg-completed",
  failed: "bg-failed",
  waiting: "bg-waiting",
  running: "bg-running",
  stalled: "bg-stalled",
  quiet: "bg-quiet",
} as const satisfies Record<Tone, string>

export const toneTint = {
  completed: "tint-completed",
  failed: "tint-failed",
  waiting: "tint-waiting",
  running: "tint-running",
  stalled: "tint-stalled",
  quiet: "tint-quiet",
} as const satisfies Record<Tone, string>

/** For SVG, canvas and charts, where a class does not reach. */
export const toneColor = (tone: Tone): string => `var(--status-${tone})`
