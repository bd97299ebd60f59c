// @vitest-environment happy-dom
import { act } from "react"
import { afterEach, expect, test, vi } from "vitest"
import { Button } from "./Button.tsx"
import { DisabledReason } from "./DisabledReason.tsx"
import { ConfirmDialog } from "./overlay/ConfirmDialog.tsx"
import { Dialog } from "./overlay/Dialog.tsx"
import { byRole, click, descriptionOf, focus, press, render, type, unmountAll } from "./testing/render.tsx"
import { UiRoot } from "./UiRoot.tsx"

afterEach(unmountAll)

test("an action that is refused can be reached, says why, and does nothing", async () => {
  const done = vi.fn()
  await render(
    <>
      <Button disabledReason="The run has ended" onClick={done}>
        Cancel
      </Button>
      <DisabledReason reason="You may only look">
        <button type="button" onClick={done}>
          Open
        </button>
      </DisabledReason>
    </>,
  )
  for (const [name, why] of [
    ["Cancel", "The run has ended"],
    ["Open", "You may only look"],
  ] as const) {
    const button = byRole("button", name)
    await focus(button)
    expect(document.activeElement).toBe(button)
    expect(button.getAttribute("aria-disabled")).toBe("true")
    expect(descriptionOf(button)).toBe(why)
    await click(button)
  }
  expect(done).not.toHaveBeenCalled()
})

test("an action that becomes possible is the same button, and acts", async () => {
  const done = vi.fn()
  await render(<Button disabledReason="Not yet">Go</Button>)
  const before = byRole("button", "Go")
  await render(<Button onClick={done}>Go</Button>)
  expect(byRole("button", "Go")).toBe(before)
  expect(before.hasAttribute("aria-disabled")).toBe(false)
  await click(before)
  expect(done).toHaveBeenCalledOnce()
})

test("a button that waits for its answer takes no second press, and does not send its form again", async () => {
  const done = vi.fn()
  const send = vi.fn((event: { preventDefault: () => void }) => event.preventDefault())
  await render(
    <form onSubmit={send}>
      <Button type="submit" busy onClick={done}>
        Start
      </Button>
    </form>,
  )
  await click(byRole("button", "Start"))
  expect([done.mock.calls.length, send.mock.calls.length]).toEqual([0, 0])
})

test("a dialog begins at what it asks for, and Escape closes it", async () => {
  const close = vi.fn()
  await render(
    <Dialog open onClose={close} title="Save this view">
      <input type="text" aria-label="Name" />
    </Dialog>,
  )
  expect(byRole("dialog", "Save this view").contains(document.activeElement)).toBe(true)
  expect(document.activeElement).toBe(byRole("textbox", "Name"))
  await press(document.activeElement!, "Escape")
  expect(close).toHaveBeenCalledOnce()
})

const question = {
  open: true,
  title: "Cancel 2 runs?",
  effects: ["They stop."],
  confirm: "Cancel 2 runs",
  reason: { label: "Why", required: true },
} as const

test("what needs a reason is not done without one, and is done with it", async () => {
  const [close, done] = [vi.fn(), vi.fn()]
  await render(<ConfirmDialog {...question} onClose={close} onConfirm={done} />)
  const why = () => byRole("textbox", /^Why/)
  await click(byRole("button", "Cancel 2 runs"))
  expect(done).not.toHaveBeenCalled()
  expect(descriptionOf(why())).toContain("Say why")
  await type(why(), "  a wrong batch ")
  await click(byRole("button", "Cancel 2 runs"))
  expect(done).toHaveBeenCalledExactlyOnceWith("a wrong batch")
  expect(close).toHaveBeenCalledOnce()
})

test("Ctrl and Enter do what the last button does, and no more than it; Enter alone writes on", async () => {
  const done = vi.fn()
  await render(<ConfirmDialog {...question} onClose={() => {}} onConfirm={done} />)
  const why = byRole("textbox", /^Why/)
  await press(why, "Enter", { ctrlKey: true })
  expect(descriptionOf(why)).toContain("Say why")
  await type(why, "a wrong batch")
  await press(why, "Enter")
  expect(done).not.toHaveBeenCalled()
  await press(why, "Enter", { metaKey: true })
  expect(done).toHaveBeenCalledExactlyOnceWith("a wrong batch")
})

test("what is refused is not done by keys either", async () => {
  const done = vi.fn()
  await render(<ConfirmDialog {...question} refused="They have ended" onClose={() => {}} onConfirm={done} />)
  await type(byRole("textbox", /^Why/), "a wrong batch")
  await press(byRole("textbox", /^Why/), "Enter", { ctrlKey: true })
  expect(done).not.toHaveBeenCalled()
})

test("when the act fails the question stays, with what was written and what went wrong", async () => {
  const close = vi.fn()
  const done = () => Promise.reject(new Error("The server does not answer"))
  await render(<ConfirmDialog {...question} onClose={close} onConfirm={done} />)
  await type(byRole("textbox", /^Why/), "a wrong batch")
  await click(byRole("button", "Cancel 2 runs"))
  expect(byRole("alert").textContent).toContain("The server does not answer")
  expect((byRole("textbox", /^Why/) as HTMLTextAreaElement).value).toBe("a wrong batch")
  expect(close).not.toHaveBeenCalled()
})

test("a tooltip describes what has the pointer, and goes with Escape", async () => {
  vi.useFakeTimers()
  await render(
    <UiRoot>
      <Button disabledReason="The run has ended">Cancel</Button>
    </UiRoot>,
  )
  const button = byRole("button", "Cancel")
  await act(async () => {
    button.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, pointerType: "mouse" }))
    vi.advanceTimersByTime(1_000)
  })
  expect(byRole("tooltip").textContent).toBe("The run has ended")
  await press(document.body, "Escape")
  expect(document.querySelector("[role=tooltip]")).toBeNull()
  expect(descriptionOf(button)).toBe("The run has ended")
  vi.useRealTimers()
})
