import type { ReactNode } from "react"
import { cx } from "./cx.ts"
import type { GlyphName } from "./glyph-names.ts"
import { type Tone, toneText } from "./tone.ts"

/** Cut out of a filled mark: the ground shows through. */
const cut = { fill: "none", stroke: "var(--surface)", strokeWidth: 1.75, strokeLinecap: "round" } as const
const line = { fill: "none", stroke: "currentColor", strokeWidth: 1.75, strokeLinecap: "round" } as const

const marks = {
  check: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m4.9 8.3 2.2 2.2 4-4.7" strokeLinejoin="round" {...cut} />
    </>
  ),
  cross: (
    <>
      <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="currentColor" />
      <path d="m5.6 5.6 4.8 4.8M10.4 5.6l-4.8 4.8" {...cut} />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6" {...line} />
      <path d="M8 4.75V8l2.25 1.5" strokeLinejoin="round" {...line} />
    </>
  ),
  slash: (
    <>
      <circle cx="8" cy="8" r="6" {...line} />
      <path d="m4.5 11.5 7-7" {...line} />
    </>
  ),
  dotted: <circle cx="8" cy="8" r="6" {...line} strokeDasharray="0.1 3.67" />,
  turning: (
    <>
      <circle cx="8" cy="8" r="6" {...line} opacity="0.28" />
      <path d="M8 2a6 6 0 0 1 6 6" className="animate-turn origin-center" {...line} strokeWidth={2} />
    </>
  ),
  person: (
    <>
      <circle cx="8" cy="4.75" r="3.25" fill="currentColor" />
      <path d="M1.75 14.5c.25-3.4 2.75-5.25 6.25-5.25s6 1.85 6.25 5.25z" fill="currentColor" />
    </>
  ),
  signal: (
    <>
      <circle cx="8" cy="8" r="2.25" fill="currentColor" />
      <path d="M3.9 12.6a6.2 6.2 0 0 1 0-9.2M12.1 3.4a6.2 6.2 0 0 1 0 9.2" {...line} />
    </>
  ),
  pause: (
    <>
      <rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="currentColor" />
      <path d="M6 5.25v5.5M10 5.25v5.5" {...cut} strokeWidth={2} />
    </>
  ),
  alert: (
    <>
      <path d="M8 1.25 15.25 14H.75z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
      <path d="M8 5.75v4M8 12v.01" {...cut} />
    </>
  ),
  skip: (
    <>
      <circle cx="8" cy="8" r="6" {...line} />
      <path d="M5 8h5.5M8.5 5.75 10.75 8 8.5 10.25" strokeLinejoin="round" {...line} strokeWidth={1.5} />
    </>
  ),
} as const satisfies Record<GlyphName, ReactNode>

/** The mark of a state, in its tone. Silent: the word stands beside it, or in the name of what carries it. */
export function Glyph(props: { name: GlyphName; tone: Tone; size?: number; className?: string }) {
  const { name, tone, size = 14, className } = props
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      className={cx("shrink-0", toneText[tone], className)}
    >
      {marks[name]}
    </svg>
  )
}
