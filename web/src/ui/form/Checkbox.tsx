import type { ComponentProps, ReactNode } from "react"
import { cx } from "../cx.ts"
import { useField } from "./field-context.ts"

type CheckboxProps = Omit<ComponentProps<"input">, "type" | "onChange" | "checked" | "children"> & {
  readonly checked: boolean | "mixed"
  readonly onChange: (checked: boolean) => void
  readonly "data-tick"?: boolean
  /** Without words it needs an `aria-label`. */
  readonly children?: ReactNode
}

const look =
  "relative size-3.5 shrink-0 appearance-none rounded-xs border border-line-control bg-surface checked:border-transparent checked:bg-accent-fill indeterminate:border-transparent indeterminate:bg-accent-fill before:absolute before:inset-0 before:hidden before:bg-on-fill checked:before:block checked:before:[clip-path:polygon(18%_52%,29%_41%,43%_56%,71%_24%,82%_34%,43%_76%)] indeterminate:before:block indeterminate:before:[clip-path:inset(5px_2.5px)] forced-colors:appearance-auto"

/** Drawn over the system's own box, which forms and keyboards know; in forced colours it is the system's again. */
export function Checkbox({ checked, onChange, children, className, ...rest }: CheckboxProps) {
  const box = (
    <input
      type="checkbox"
      checked={checked === true}
      ref={(node) => {
        if (node) node.indeterminate = checked === "mixed"
      }}
      onChange={(event) => onChange(event.target.checked)}
      className={cx(look, children === undefined && className)}
      {...useField()}
      {...rest}
    />
  )
  if (children === undefined) return box
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the input is in `box`
    <label className={cx("inline-flex min-h-6 items-center gap-2", className)}>
      {box}
      <span className="min-w-0">{children}</span>
    </label>
  )
}
