import type { ComponentProps } from "react"
import { cx } from "../cx.ts"
import { Icon } from "../Icon.tsx"
import { type ControlSize, controlBox, controlHeights } from "./control-look.ts"
import { useField } from "./field-context.ts"
import { useAhead } from "./use-ahead.ts"

export type Option<V extends string = string> = {
  readonly value: V
  readonly label: string
  readonly disabled?: boolean
}

type SelectProps<V extends string> = Omit<ComponentProps<"select">, "size" | "onChange" | "value" | "children"> & {
  readonly options: readonly Option<V>[]
  readonly value: V
  readonly onChange: (value: V) => void
  readonly size?: ControlSize
}

/** The system's own list: the best on a phone, with a keyboard and for a screen reader, and it needs no style sheet. */
export function Select<V extends string>({
  options,
  value,
  onChange,
  size = "lg",
  className,
  ...rest
}: SelectProps<V>) {
  const [shown, choose] = useAhead(value, onChange)
  return (
    <span className={cx("relative inline-flex w-full min-w-0", className)}>
      <select
        value={shown}
        onChange={(event) => choose(event.target.value as V)}
        className={cx(controlBox, controlHeights[size], "appearance-none truncate pr-7")}
        {...useField()}
        {...rest}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled} className="bg-raised text-fg">
            {option.label}
          </option>
        ))}
      </select>
      <Icon
        name="chevrons-up-down"
        size={14}
        className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-faint"
      />
    </span>
  )
}
