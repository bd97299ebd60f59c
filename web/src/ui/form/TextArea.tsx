import type { ComponentProps } from "react"
import { cx } from "../cx.ts"
import { controlBox } from "./control-look.ts"
import { useField } from "./field-context.ts"

/** Several lines; grows with what is written where the browser can. */
export function TextArea({ mono = false, className, ...rest }: ComponentProps<"textarea"> & { mono?: boolean }) {
  return (
    <textarea
      rows={3}
      spellCheck={mono ? false : undefined}
      className={cx(
        controlBox,
        "field-sizing-content max-h-96 min-h-18 px-2.5 py-1.5",
        mono && "font-mono text-xs",
        className,
      )}
      {...useField()}
      {...rest}
    />
  )
}
