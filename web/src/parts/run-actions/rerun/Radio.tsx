import type { ReactNode } from "react"
import { cx } from "../../../ui/cx.ts"
import { DisabledReason } from "../../../ui/DisabledReason.tsx"

type RadioProps = {
  readonly group: string
  readonly checked: boolean
  readonly onChoose: () => void
  readonly children: ReactNode
  /** What choosing it means. */
  readonly detail?: string
  readonly disabledReason?: string
}

const look =
  "mt-[3px] size-3.5 shrink-0 appearance-none rounded-full border border-line-control bg-surface checked:border-4 checked:border-accent-fill forced-colors:appearance-auto aria-disabled:opacity-50"

export function Radio({ group, checked, onChoose, children, detail, disabledReason }: RadioProps) {
  return (
    <label className={cx("flex min-h-6 items-start gap-2.5", disabledReason && "text-faint")}>
      <DisabledReason reason={disabledReason}>
        <input
          type="radio"
          name={group}
          checked={checked}
          onChange={() => !disabledReason && onChoose()}
          className={look}
        />
      </DisabledReason>
      <span className="min-w-0">
        {children}
        {detail && <span className={cx("ml-2", disabledReason ? "text-faint" : "text-muted")}>{detail}</span>}
      </span>
    </label>
  )
}
