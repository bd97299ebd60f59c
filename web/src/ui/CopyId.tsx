import { useState } from "react"
import { announce } from "./announce.ts"
import { cx } from "./cx.ts"
import { Icon } from "./Icon.tsx"
import { shortId } from "./short-id.ts"
import { tipHandlers } from "./tip/tip-handlers.ts"

type CopyIdProps = {
  readonly id: string
  /** Of what: `run id`. Heard after the id, and announced when it was copied. */
  readonly label?: string
  /** Shows all of it. */
  readonly whole?: boolean
  /** -1 inside a table, whose own keys reach it. */
  readonly tabIndex?: number
  readonly className?: string
}

/** An id by its telling end; a press copies all of it. */
export function CopyId({ id, label = "id", whole = false, tabIndex, className }: CopyIdProps) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(id)
      setCopied(true)
      announce(`Copied ${label}`)
    } catch {
      announce(`The browser does not allow copying. The ${label} is ${id}`, { urgent: true })
    }
  }
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      onClick={copy}
      onMouseLeave={() => setCopied(false)}
      className={cx(
        "group/copy inline-flex max-w-full items-center gap-1 rounded-xs text-mono text-muted hover:text-fg",
        className,
      )}
      {...(whole ? {} : tipHandlers(<span className="text-mono">{id}</span>))}
    >
      <span className="truncate">{whole ? id : shortId(id)}</span>
      <span className="sr-only"> copy {label}</span>
      <Icon
        name={copied ? "check" : "copy"}
        size={12}
        className={cx(
          copied ? "text-completed" : "opacity-0 group-hover/copy:opacity-100 group-focus-visible/copy:opacity-100",
        )}
      />
    </button>
  )
}
