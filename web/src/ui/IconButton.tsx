import type { ComponentProps } from "react"
import { type ButtonLook, type ButtonSize, buttonLook } from "./button-look.ts"
import { cx } from "./cx.ts"
import { DisabledReason } from "./DisabledReason.tsx"
import { Icon } from "./Icon.tsx"
import type { IconName } from "./icon-paths.ts"
import { ariaKeys } from "./key-hint.ts"
import { Tooltip } from "./tip/Tooltip.tsx"

export type IconButtonProps = Omit<ComponentProps<"button">, "disabled" | "aria-label" | "children"> & {
  readonly icon: IconName
  /** Its name, and its tooltip. */
  readonly label: string
  readonly keys?: string
  readonly look?: ButtonLook
  readonly size?: ButtonSize
  readonly disabledReason?: string
}

/** A button of one picture: its name is heard, and seen as a tooltip with its key. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, keys, look = "quiet", size, disabledReason, className, type, ...rest } = props
  return (
    <DisabledReason reason={disabledReason}>
      <Tooltip content={disabledReason ? undefined : label} keys={keys}>
        <button
          type={type ?? "button"}
          aria-label={label}
          aria-keyshortcuts={keys && ariaKeys(keys)}
          className={cx(buttonLook({ look, size, square: true }), className)}
          {...rest}
        >
          <Icon name={icon} size={size === "sm" ? 14 : 16} />
        </button>
      </Tooltip>
    </DisabledReason>
  )
}
