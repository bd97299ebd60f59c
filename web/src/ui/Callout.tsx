import type { ReactNode } from "react"
import { cx } from "./cx.ts"
import { Glyph } from "./Glyph.tsx"
import type { GlyphName } from "./glyph-names.ts"
import { type Tone, toneTint } from "./tone.ts"

type CalloutProps = {
  readonly tone: Tone
  readonly title: ReactNode
  readonly children?: ReactNode
  readonly glyph?: GlyphName
  readonly action?: ReactNode
  readonly className?: string
}

const glyphs = {
  completed: "check",
  failed: "cross",
  waiting: "person",
  running: "turning",
  stalled: "alert",
  quiet: "dotted",
} as const satisfies Record<Tone, GlyphName>

/** A note that stands in the text: what somebody should know before reading on. */
export function Callout({ tone, title, children, glyph = glyphs[tone], action, className }: CalloutProps) {
  return (
    <div
      className={cx(
        "flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md border px-3 py-2.5",
        toneTint[tone],
        className,
      )}
    >
      <Glyph name={glyph} tone={tone} size={16} className="mt-0.5" />
      <div className="min-w-0 flex-1 basis-48 wrap-anywhere">
        <p className="font-medium">{title}</p>
        {children && <div className="text-muted">{children}</div>}
      </div>
      {action}
    </div>
  )
}
