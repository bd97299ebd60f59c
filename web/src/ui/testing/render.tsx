/** Draws components into a page for tests, and finds what is in it as a reader would: by role and name. */
import { act, type ReactNode } from "react"
import { createRoot, type Root } from "react-dom/client"

declare global {
  var IS_REACT_ACT_ENVIRONMENT: boolean
}
globalThis.IS_REACT_ACT_ENVIRONMENT = true

let root: Root | undefined

export async function render(node: ReactNode): Promise<void> {
  await act(async () => {
    root ??= createRoot(document.body.appendChild(document.createElement("div")))
    root.render(node)
  })
}

export async function unmountAll(): Promise<void> {
  await act(async () => root?.unmount())
  root = undefined
  document.body.replaceChildren()
}

const tags: Readonly<Record<string, string>> = {
  button: "button",
  textbox: "textarea, input[type=text]",
  row: "tr",
  checkbox: "input[type=checkbox]",
  radio: "input[type=radio]",
  searchbox: "input[type=search]",
}

const nameOf = (node: Element): string => {
  const labelledBy = node.getAttribute("aria-labelledby")
  const label = node.id === "" ? node.closest("label") : document.querySelector(`label[for="${node.id}"]`)
  return (
    node.getAttribute("aria-label") ??
    (labelledBy && document.getElementById(labelledBy)?.textContent) ??
    label?.textContent ??
    heardOf(node)
  )
}

/** Without what is only to be seen, as the caps of a button's keys. */
function heardOf(node: Element): string {
  const copy = node.cloneNode(true) as Element
  for (const hidden of copy.querySelectorAll("[aria-hidden=true]")) hidden.remove()
  return copy.textContent ?? ""
}

export function allByRole(role: string, name: string | RegExp = /.*/): readonly HTMLElement[] {
  const selector = tags[role] ? `[role=${role}], ${tags[role]}` : `[role=${role}]`
  return [...document.querySelectorAll<HTMLElement>(selector)].filter((node) => {
    const own = nameOf(node).trim()
    return typeof name === "string" ? own === name : name.test(own)
  })
}

export function byRole(role: string, name: string | RegExp = /.*/): HTMLElement {
  const [first] = allByRole(role, name)
  if (first === undefined) throw new Error(`nothing in the page is a ${role} named ${name}`)
  return first
}

/** What `aria-describedby` leads to, in words. */
export const descriptionOf = (node: Element): string =>
  (node.getAttribute("aria-describedby") ?? "")
    .split(" ")
    .filter(Boolean)
    .map((id) => document.getElementById(id)?.textContent ?? `(no element ${id})`)
    .join(" ")

export const click = (node: Element, init: MouseEventInit = {}) =>
  act(async () => void node.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...init })))

export const press = (node: Element, key: string, init: KeyboardEventInit = {}) =>
  act(
    async () =>
      void node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init })),
  )

export const focus = (node: HTMLElement) => act(async () => node.focus())

export const type = (node: Element, text: string) =>
  act(async () => {
    const prototype = node instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype
    Object.getOwnPropertyDescriptor(prototype, "value")!.set!.call(node, text)
    node.dispatchEvent(new Event("input", { bubbles: true }))
  })
