import { cx } from "./cx.ts"
import { type Tone, toneFill } from "./tone.ts"

type MeterProps = {
  readonly label: string
  readonly value: number
  readonly max?: number
  readonly tone?: Tone
  /** What is seen and heard instead of a percentage: `3 of 5 retries`. */
  readonly text?: string
  readonly className?: string
}

/** How much of something: a rate, a budget, what is left. The number stands beside it. */
export function Meter({ label, value, max = 1, tone = "quiet", text, className }: MeterProps) {
  const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0
  const words = text ?? `${Math.round(share * 100)} %`
  return (
    <span className={cx("inline-flex items-center gap-2", className)}>
      {/* biome-ignore lint/a11y/useSemanticElements: <meter> cannot be drawn alike in all browsers */}
      <span
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={value}
        aria-valuetext={words}
        className="h-1.5 w-16 shrink-0 overflow-hidden rounded-full bg-line"
      >
        <span className={cx("block h-full rounded-full", toneFill[tone])} style={{ width: `${share * 100}%` }} />
      </span>
      <span aria-hidden="true" className="whitespace-nowrap text-muted">
        {words}
      </span>
    </span>
  )
}

type StackedBarProps = {
  readonly label: string
  readonly parts: readonly { readonly label: string; readonly value: number; readonly tone: Tone }[]
  readonly className?: string
}

/** Shares of a whole in one bar, said in words for who does not see it. */
export function StackedBar({ label, parts, className }: StackedBarProps) {
  const seen = parts.filter((part) => part.value > 0)
  const words = seen.map((part) => `${part.value} ${part.label}`).join(", ")
  return (
    <span
      role="img"
      aria-label={`${label}: ${words || "nothing"}`}
      className={cx("flex h-1.5 w-full gap-px overflow-hidden rounded-full bg-line", className)}
    >
      {seen.map((part) => (
        <span key={part.label} className={toneFill[part.tone]} style={{ flexGrow: part.value, flexBasis: 2 }} />
      ))}
    </span>
  )
}
