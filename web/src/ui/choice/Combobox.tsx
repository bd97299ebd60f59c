import { Popover as Radix } from "radix-ui"
import { type KeyboardEvent, useId, useState } from "react"
import { cx } from "../cx.ts"
import { type ControlSize, controlBox, controlHeights } from "../form/control-look.ts"
import { useField } from "../form/field-context.ts"
import { Icon } from "../Icon.tsx"
import { Listbox, optionId } from "./Listbox.tsx"
import { type Choice, matching, movedTo } from "./options.ts"

type ComboboxProps = {
  readonly choices: readonly Choice[]
  readonly value: string
  readonly onChange: (value: string) => void
  /** What is typed counts as it is; otherwise only what is in the list. */
  readonly free?: boolean
  readonly label?: string
  readonly placeholder?: string
  readonly size?: ControlSize
  readonly className?: string
}

/** One value out of a list that can be narrowed by typing. */
export function Combobox({
  choices,
  value,
  onChange,
  free = false,
  label,
  placeholder,
  size = "lg",
  className,
}: ComboboxProps) {
  const list = useId()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState<string>()
  const [active, setActive] = useState(0)
  const shown = matching(choices, typed ?? "")
  const text = typed ?? choices.find((choice) => choice.value === value)?.label ?? value

  function show() {
    setOpen(true)
    setActive(
      Math.max(
        0,
        choices.findIndex((choice) => choice.value === value),
      ),
    )
  }

  function close() {
    setOpen(false)
    setTyped(undefined)
  }

  function choose(choice: Choice) {
    onChange(choice.value)
    close()
  }

  function onType(next: string) {
    setTyped(next)
    setActive(0)
    setOpen(true)
    if (free) onChange(next)
  }

  function onKeyDown(event: KeyboardEvent) {
    const to = movedTo(event.key, active, shown.length)
    const here = shown[active]
    if (to !== undefined && !open) show()
    else if (to !== undefined) setActive(to)
    else if (event.key === "Enter" && open && here) choose(here)
    else if (event.key === "Escape" && open) close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && close()}>
      <Radix.Anchor asChild>
        <span className={cx("relative inline-flex w-full min-w-0", className)}>
          <input
            type="text"
            role="combobox"
            aria-label={label}
            aria-autocomplete="list"
            aria-expanded={open}
            aria-controls={list}
            aria-activedescendant={open && shown.length > 0 ? optionId(list, active) : undefined}
            placeholder={placeholder}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => onType(event.target.value)}
            onClick={show}
            onBlur={close}
            onKeyDown={onKeyDown}
            className={cx(controlBox, controlHeights[size], "pr-7")}
            {...useField()}
          />
          <Icon
            name="chevrons-up-down"
            size={14}
            className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-faint"
          />
        </span>
      </Radix.Anchor>
      <Radix.Portal>
        <Radix.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          // The field keeps the keyboard.
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          role="presentation"
          className="z-40 max-h-72 w-(--radix-popover-trigger-width) min-w-48 overflow-y-auto rounded-md bg-raised p-1 shadow-popover"
        >
          <Listbox
            id={list}
            label={label ?? "Choices"}
            choices={shown}
            selected={new Set([value])}
            active={active}
            onActive={setActive}
            onPress={choose}
          />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
