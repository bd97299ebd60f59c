/** The registry of this page on the real keyboard, and the choice to have no single keys at all. */
import { preference } from "../prefs/preference.ts"
import { KeyRegistry, type Press } from "./registry.ts"

export const singleKeys = preference<boolean>("single-keys", (stored) => stored !== false)

export const keys = new KeyRegistry({ areOn: singleKeys.get, now: () => performance.now() })

export function listenToKeys(target: Document): void {
  target.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return
    if (keys.press(pressOf(event))) event.preventDefault()
  })
}

function pressOf(event: KeyboardEvent): Press {
  const target = event.target instanceof Element ? event.target : null
  return {
    key: event.key,
    ctrlKey: event.ctrlKey,
    metaKey: event.metaKey,
    altKey: event.altKey,
    shiftKey: event.shiftKey,
    isComposing: event.isComposing,
    inField: isField(target) || isItsOwn(target, event.key),
    inDialog:
      target?.closest('dialog[open], [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]') != null,
  }
}

const FIELDS = 'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="textbox"]'
const NO_TEXT = new Set(["checkbox", "radio", "button", "submit", "reset", "range", "color", "file"])

function isField(target: Element | null): boolean {
  const field = target?.closest(FIELDS) ?? null
  return field !== null && !(field instanceof HTMLInputElement && NO_TEXT.has(field.type))
}

/** Space and Enter belong to the button, link or box that has the focus. */
function isItsOwn(target: Element | null, key: string): boolean {
  return (key === " " || key === "Enter") && target?.closest("button, a[href], summary, input, [role=option]") != null
}
