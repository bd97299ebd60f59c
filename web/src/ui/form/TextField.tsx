import type { ComponentProps } from "react"
import { cx } from "../cx.ts"
import { type ControlSize, controlBox, controlHeights } from "./control-look.ts"
import { useField } from "./field-context.ts"

export type TextFieldProps = Omit<ComponentProps<"input">, "size"> & {
  readonly size?: ControlSize
  readonly mono?: boolean
}

/** One line of text or a number. Without a `Field` around it, it needs an `aria-label`. */
export function TextField({ size = "lg", mono = false, className, ...rest }: TextFieldProps) {
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={mono ? false : undefined}
      className={cx(controlBox, controlHeights[size], mono && "font-mono text-xs", className)}
      {...useField()}
      {...rest}
    />
  )
}
