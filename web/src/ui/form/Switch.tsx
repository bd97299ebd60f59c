import type { ReactNode } from "react"
import { cx } from "../cx.ts"
import { useField } from "./field-context.ts"

type SwitchProps = {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly children: ReactNode
  readonly className?: string
}

/** On or off, at once and without a save. */
export function Switch({ checked, onChange, children, className }: SwitchProps) {
  return (
    <label className={cx("inline-flex min-h-6 items-center gap-2", className)}>
      <button
        type="button"
        role="switch"
        aria-checked={checked}
        onClick={() => onChange(!checked)}
        className={cx(
          "relative h-4 w-7 shrink-0 rounded-full border transition-colors",
          checked ? "border-transparent bg-accent-fill" : "border-line-control bg-sunken",
        )}
        {...useField()}
      >
        <span
          className={cx(
            "absolute top-1/2 left-0.5 size-2.5 -translate-y-1/2 rounded-full transition-transform",
            checked ? "translate-x-3 bg-on-fill" : "bg-faint",
          )}
        />
      </button>
      <span className="min-w-0">{children}</span>
    </label>
  )
}
