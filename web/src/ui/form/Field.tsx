import { type ReactNode, useId } from "react"
import { cx } from "../cx.ts"
import { Icon } from "../Icon.tsx"
import { type FieldIds, FieldProvider } from "./field-context.ts"

type FieldProps = {
  readonly label: ReactNode
  readonly children: ReactNode
  readonly hint?: ReactNode
  /** What is wrong and how to mend it, in the server's words where it has some. */
  readonly error?: ReactNode
  readonly required?: boolean
  /** The label is heard only: where a heading says the same. */
  readonly labelHidden?: boolean
  /** At the end of the label's line: what can be done with the value. */
  readonly aside?: ReactNode
  readonly className?: string
}

/** Label, control, hint and error, tied together; the control inside takes them up by itself. */
export function Field(props: FieldProps) {
  const { label, children, hint, error, required = false, labelHidden = false, aside, className } = props
  const id = useId()
  const describedBy = cx(hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`)
  const ids: FieldIds = {
    id,
    ...(describedBy && { "aria-describedby": describedBy }),
    ...(error !== undefined && { "aria-invalid": true }),
    ...(required && { "aria-required": true }),
  }
  return (
    <div className={cx("flex min-w-0 flex-col gap-1", className)}>
      <div className={labelHidden ? "sr-only" : "flex items-baseline gap-2"}>
        <label htmlFor={id} className="text-xs font-medium text-fg">
          {label}
          {required && <span className="ml-1 font-normal text-faint">required</span>}
        </label>
        {aside !== undefined && <span className="ml-auto flex shrink-0 items-center gap-2">{aside}</span>}
      </div>
      <FieldProvider value={ids}>{children}</FieldProvider>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="flex items-start gap-1 text-xs text-danger">
          <Icon name="warning" size={12} className="mt-0.5" />
          <span className="min-w-0 break-words">{error}</span>
        </p>
      )}
    </div>
  )
}
