import { type KeyboardEvent, useId, useState } from "react"
import { buttonLook } from "../button-look.ts"
import { cx } from "../cx.ts"
import { controlBox } from "../form/control-look.ts"
import { Icon } from "../Icon.tsx"
import { Popover } from "../overlay/Popover.tsx"
import { Listbox, optionId } from "./Listbox.tsx"
import { type Choice, matching, movedTo } from "./options.ts"

type FacetSelectProps = {
  /** What is chosen by: `Status`, `Workflow`. */
  readonly label: string
  readonly choices: readonly Choice[]
  readonly selected: readonly string[]
  readonly onChange: (selected: readonly string[]) => void
  /** From the URL, when the popover lives there. */
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  /** The choices are on their way. */
  readonly busy?: boolean
}

/** A facet: any number of values of one kind, with how many there are of each. */
export function FacetSelect({ label, choices, selected, onChange, open, onOpenChange, busy }: FacetSelectProps) {
  const said = summary(choices, selected)
  return (
    <Popover
      label={label}
      open={open}
      onOpenChange={onOpenChange}
      className="flex w-64 flex-col overflow-hidden"
      trigger={
        <button type="button" className={cx(buttonLook({ look: "plain" }), "max-w-64 gap-1")}>
          <span className={said ? "text-muted" : undefined}>{said ? `${label}:` : label}</span>
          {said && <span className="truncate">{said}</span>}
          <Icon name="chevron-down" size={12} className="text-faint" />
        </button>
      }
    >
      <Panel label={label} choices={choices} selected={selected} onChange={onChange} busy={busy} />
    </Popover>
  )
}

function summary(choices: readonly Choice[], selected: readonly string[]): string {
  if (selected.length === 0) return ""
  if (selected.length > 2) return `${selected.length} chosen`
  return selected.map((value) => choices.find((choice) => choice.value === value)?.label ?? value).join(", ")
}

/** Mounted when it opens: it begins with an empty search and its first line. */
function Panel({ label, choices, selected, onChange, busy }: Omit<FacetSelectProps, "open" | "onOpenChange">) {
  const list = useId()
  const [words, setWords] = useState("")
  const [active, setActive] = useState(0)
  const shown = matching(choices, words)
  const chosen = new Set(selected)

  function toggle({ value }: Choice) {
    onChange(chosen.has(value) ? selected.filter((one) => one !== value) : [...selected, value])
  }

  function onKeyDown(event: KeyboardEvent) {
    const to = movedTo(event.key, active, shown.length)
    const here = shown[active]
    if (to !== undefined) setActive(to)
    else if (event.key === "Enter" && here) toggle(here)
    else return
    event.preventDefault()
  }

  return (
    <>
      <div className="border-b p-1.5">
        <input
          type="text"
          role="combobox"
          aria-label={`Filter: ${label}`}
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={shown.length > 0 ? optionId(list, active) : undefined}
          placeholder={`Filter ${label.toLowerCase()}…`}
          autoComplete="off"
          spellCheck={false}
          value={words}
          onChange={(event) => {
            setWords(event.target.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
          className={cx(controlBox, "h-7 px-2")}
        />
      </div>
      <div className="max-h-72 overflow-y-auto p-1">
        <Listbox
          id={list}
          label={label}
          choices={shown}
          selected={chosen}
          active={active}
          onActive={setActive}
          onPress={toggle}
          multiple
          empty={busy ? "Loading…" : undefined}
        />
      </div>
      {selected.length > 0 && (
        <button
          type="button"
          onClick={() => onChange([])}
          className="border-t px-3 py-1.5 text-left text-muted hover:bg-hover hover:text-fg focus-visible:-outline-offset-2"
        >
          Clear {selected.length} chosen
        </button>
      )}
    </>
  )
}
