import { type ReactNode, useId } from "react"
import { cx } from "./cx.ts"
import { useAhead } from "./form/use-ahead.ts"

type SegmentsProps<V extends string> = {
  /** What is chosen: `Lens`. */
  readonly label: string
  readonly options: readonly { readonly value: V; readonly label: ReactNode }[]
  /** Comes from the URL, and `onChange` writes it there. */
  readonly value: V
  readonly onChange: (value: V) => void
  readonly className?: string
}

/** One of a few ways to look at the same thing: radio buttons side by side. `Tabs` are for different things. */
export function Segments<V extends string>({ label, options, value, onChange, className }: SegmentsProps<V>) {
  const name = useId()
  const [shown, choose] = useAhead(value, onChange)
  return (
    <fieldset
      className={cx("inline-flex max-w-full min-w-0 shrink-0 flex-wrap gap-0.5 rounded-md bg-sunken p-0.5", className)}
    >
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={cx(
            "relative inline-flex h-6 items-center gap-1 rounded-sm px-2 text-xs font-medium whitespace-nowrap text-muted hover:text-fg",
            "has-checked:bg-raised has-checked:text-fg has-checked:shadow-[0_0_0_1px_var(--line-strong)]",
            "has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-ring",
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === shown}
            onChange={() => choose(option.value)}
            className="absolute inset-0 cursor-pointer appearance-none focus-visible:outline-none"
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
