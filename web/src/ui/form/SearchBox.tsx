import type { ComponentProps } from "react"
import { cx } from "../cx.ts"
import { Icon } from "../Icon.tsx"
import { Kbd } from "../Kbd.tsx"
import { ariaKeys } from "../key-hint.ts"
import { type ControlSize, controlBox, controlHeights } from "./control-look.ts"
import { useAhead } from "./use-ahead.ts"

type SearchBoxProps = Omit<ComponentProps<"input">, "size" | "type" | "onChange" | "value"> & {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** `/` where the page jumps here with it. */
  readonly keys?: string
  readonly size?: ControlSize
  readonly mono?: boolean
}

/** Narrows what is shown. Escape empties it first, and only then leaves it. */
export function SearchBox(props: SearchBoxProps) {
  const {
    label,
    value: given,
    onChange: onGiven,
    keys,
    size = "md",
    mono = false,
    className,
    onKeyDown,
    ...rest
  } = props
  const [value, onChange] = useAhead(given, onGiven)
  return (
    <div className={cx("group/search relative flex min-w-0 items-center", className)}>
      <Icon name="search" size={14} className="pointer-events-none absolute left-2 text-faint" />
      <input
        type="search"
        aria-label={label}
        aria-keyshortcuts={keys && ariaKeys(keys)}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          onKeyDown?.(event)
          if (event.key !== "Escape" || event.defaultPrevented) return
          event.stopPropagation()
          if (value === "") event.currentTarget.blur()
          else onChange("")
        }}
        className={cx(
          controlBox,
          controlHeights[size],
          "border-line-strong pr-7 pl-7 [&::-webkit-search-cancel-button]:hidden",
          mono && "font-mono text-xs",
        )}
        {...rest}
      />
      {value === "" && keys && (
        <span aria-hidden="true" className="pointer-events-none absolute right-2 group-focus-within/search:hidden">
          <Kbd keys={keys} />
        </span>
      )}
      {value !== "" && (
        <button
          type="button"
          aria-label={`Clear: ${label}`}
          onClick={() => onChange("")}
          className="absolute right-0.5 grid size-6 place-items-center rounded-sm text-faint hover:text-fg"
        >
          <Icon name="cross" size={12} />
        </button>
      )}
    </div>
  )
}
