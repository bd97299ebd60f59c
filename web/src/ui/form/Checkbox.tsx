import type { ComponentProps, ReactNode } from "react"
import { cx } from "../cx.ts"
import { useField } from "./field-context.ts"

type CheckboxProps = Omit<ComponentProps<"input">, "type" | "onChange" | "checked" | "children"> & {
  readonly checked: boolean | "mixed"
  readonly onChange: (checked: boolean) => void
  /** Without words it needs an `aria-label`. */
  readonly children?: ReactNode
}

/** The system's own box in our colours, so that forms, keyboards and forced colours know it. */
export function Checkbox({ checked, onChange, children, className, ...rest }: CheckboxProps) {
  const box = (
    <input
      type="checkbox"
      checked={checked === true}
      ref={(node) => {
        if (node) node.indeterminate = checked === "mixed"
      }}
      onChange={(event) => onChange(event.target.checked)}
      className={cx("size-3.5 shrink-0 accent-accent-fill", children === undefined && className)}
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
