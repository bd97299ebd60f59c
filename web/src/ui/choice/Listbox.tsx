import type { ReactNode } from "react"
import { cx } from "../cx.ts"
import { Glyph } from "../Glyph.tsx"
import { Icon } from "../Icon.tsx"
import type { Choice } from "./options.ts"

type ListboxProps = {
  readonly id: string
  readonly label: string
  readonly choices: readonly Choice[]
  readonly selected: ReadonlySet<string>
  /** The one under the keyboard; its id is `optionId(id, active)`. */
  readonly active: number
  readonly onActive: (at: number) => void
  readonly onPress: (choice: Choice) => void
  readonly multiple?: boolean
  readonly empty?: ReactNode
  /** Where the list itself scrolls: what scrolls around it would have to take the focus. */
  readonly className?: string
}

export const optionId = (list: string, at: number): string => `${list}-${at}`

/** The list itself: what has the keyboard is the field above it, which points here with `aria-activedescendant`. */
export function Listbox(props: ListboxProps) {
  const { id, label, choices, selected, active, onActive, onPress, multiple = false, empty, className } = props
  return (
    <>
      <div id={id} role="listbox" aria-label={label} aria-multiselectable={multiple || undefined} className={className}>
        {choices.map((choice, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
          <div
            key={choice.value}
            id={optionId(id, at)}
            role="option"
            aria-selected={selected.has(choice.value)}
            ref={at === active ? intoView : undefined}
            onPointerMove={() => at !== active && onActive(at)}
            onPointerDown={keepFocus}
            onClick={() => onPress(choice)}
            className={cx(
              "flex min-h-7 cursor-default items-center gap-2 rounded-sm px-2 py-1 select-none",
              at === active && "bg-hover",
            )}
          >
            <Mark multiple={multiple} on={selected.has(choice.value)} />
            {choice.look && <Glyph name={choice.look.glyph} tone={choice.look.tone} />}
            <span className="min-w-0 flex-1 truncate">{choice.label}</span>
            {choice.detail && <span className="shrink-0 text-xs text-faint">{choice.detail}</span>}
          </div>
        ))}
      </div>
      {choices.length === 0 && <p className="px-2 py-1.5 text-muted">{empty ?? "Nothing matches."}</p>}
    </>
  )
}

const intoView = (node: HTMLElement | null) => node?.scrollIntoView({ block: "nearest" })
const keepFocus = (event: { preventDefault: () => void }) => event.preventDefault()

function Mark({ multiple, on }: { multiple: boolean; on: boolean }) {
  if (!multiple) return <Icon name="check" size={14} className={cx(!on && "invisible")} />
  return (
    <span
      aria-hidden="true"
      className={cx(
        "grid size-3.5 shrink-0 place-items-center rounded-xs border",
        on ? "border-transparent bg-accent-fill text-on-fill" : "border-line-control",
      )}
    >
      {on && <Icon name="check" size={12} />}
    </span>
  )
}
