import type { ComponentProps, MouseEvent } from "react"
import { type ButtonLook, type ButtonSize, buttonLook } from "./button-look.ts"
import { cx } from "./cx.ts"
import { DisabledReason } from "./DisabledReason.tsx"
import { Icon } from "./Icon.tsx"
import type { IconName } from "./icon-paths.ts"
import { Kbd } from "./Kbd.tsx"
import { ariaKeys } from "./key-hint.ts"
import { Spinner } from "./Spinner.tsx"

/** There is no `disabled`: a button that refuses says why. */
export type ButtonProps = Omit<ComponentProps<"button">, "disabled"> & {
  readonly look?: ButtonLook
  readonly size?: ButtonSize
  readonly icon?: IconName
  /** The shortcut that does the same, as `key-hint.ts` writes it; shown at the end. */
  readonly keys?: string
  /** It has been pressed and the answer is awaited: it takes no second press. */
  readonly busy?: boolean
  readonly disabledReason?: string
}

export function Button(props: ButtonProps) {
  const { look, size, icon, keys, busy = false, disabledReason, className, children, type, onClick, ...rest } = props
  return (
    <DisabledReason reason={disabledReason}>
      <button
        type={type ?? "button"}
        className={cx(buttonLook({ look, size }), className)}
        onClick={busy ? stay : onClick}
        {...(busy && { "aria-busy": true, "aria-disabled": true })}
        aria-keyshortcuts={keys && ariaKeys(keys)}
        {...rest}
      >
        {busy ? <Spinner size={14} /> : icon && <Icon name={icon} size={14} />}
        {children}
        {keys && (
          <span aria-hidden="true" className="-mr-0.5 hidden pl-0.5 md:inline-flex">
            <Kbd keys={keys} onFill={(look === "primary" || look === "danger-fill") && !disabledReason} />
          </span>
        )}
      </button>
    </DisabledReason>
  )
}

/** A form's button must not send it twice. */
const stay = (event: MouseEvent) => event.preventDefault()
