import { cx } from "./cx.ts"
import { Glyph } from "./Glyph.tsx"
import type { Look } from "./look.ts"
import { toneTint } from "./tone.ts"

type StatusBadgeProps = {
  readonly look: Look
  /** `plain` in tables and lists, `tint` where it heads a page, `glyph` where the word is only heard. */
  readonly shape?: "plain" | "tint" | "glyph"
  /** Said after the word: `partial`, `since 3 h`. */
  readonly detail?: string
  readonly className?: string
}

/** Status is glyph, word and colour. */
export function StatusBadge({ look, shape = "plain", detail, className }: StatusBadgeProps) {
  return (
    <span
      className={cx(
        "inline-flex min-w-0 items-center gap-1.5 align-top whitespace-nowrap",
        shape === "tint" && cx("h-6 rounded-sm border px-2 font-medium", toneTint[look.tone]),
        className,
      )}
    >
      <Glyph name={look.glyph} tone={look.tone} />
      <span className={shape === "glyph" ? "sr-only" : "truncate"}>{look.word}</span>
      {detail && <span className={shape === "glyph" ? "sr-only" : "truncate font-normal text-muted"}>{detail}</span>}
    </span>
  )
}
