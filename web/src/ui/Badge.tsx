import type { ReactNode } from "react"
import { cx } from "./cx.ts"
import { Icon } from "./Icon.tsx"
import { type Tone, toneTint } from "./tone.ts"

const box =
  "inline-flex h-5 max-w-full items-center align-top gap-1 rounded-sm border px-1.5 text-2xs whitespace-nowrap"

/** A short fact: an environment, a version, a count. `mono` for what is an id. */
export function Badge(props: { children: ReactNode; tone?: Tone; mono?: boolean; className?: string }) {
  const { children, tone, mono = false, className } = props
  return (
    <span
      className={cx(box, mono && "font-mono", tone ? toneTint[tone] : "border-line bg-sunken text-muted", className)}
    >
      <span className="truncate">{children}</span>
    </span>
  )
}

/** How many, beside a word that says of what. Nothing at zero: a counter means that somebody is needed. */
export function CountBadge({ count, label }: { count: number; label: string }) {
  if (count === 0) return null
  return (
    <span className="inline-flex h-4 min-w-4 items-center justify-center rounded-sm bg-fg px-1 text-2xs font-medium text-surface">
      {count > 999 ? "999+" : count}
      <span className="sr-only"> {label}</span>
    </span>
  )
}

/** A word somebody gave: a tag, a chip of the query. */
export function Tag(props: { children: string; onRemove?: () => void; onClick?: () => void; className?: string }) {
  const { children, onRemove, onClick, className } = props
  return (
    <span className={cx(box, "border-line-strong bg-surface text-fg", onRemove && "pr-0", className)}>
      {onClick ? (
        <button type="button" onClick={onClick} className="truncate hover:text-accent hover:underline">
          {children}
        </button>
      ) : (
        <span className="truncate">{children}</span>
      )}
      {onRemove && (
        <button
          type="button"
          aria-label={`Remove ${children}`}
          onClick={onRemove}
          className="grid size-5 place-items-center rounded-sm text-faint hover:text-fg"
        >
          <Icon name="cross" size={10} />
        </button>
      )}
    </span>
  )
}
