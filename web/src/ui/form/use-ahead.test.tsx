// @vitest-environment happy-dom
import { act, useState } from "react"
import { afterEach, expect, test } from "vitest"
import { Segments } from "../Segments.tsx"
import { byRole, click, render, type, unmountAll } from "../testing/render.tsx"
import { SearchBox } from "./SearchBox.tsx"

afterEach(unmountAll)

/** Like an address: what is written there is read back later, in order. */
function Slow({ steps }: { steps: (() => void)[] }) {
  const [text, setText] = useState("")
  const [way, setWay] = useState<"near" | "far">("near")
  const later =
    <V,>(set: (value: V) => void) =>
    (value: V) =>
      void steps.push(() => set(value))
  return (
    <>
      <SearchBox label="Find" value={text} onChange={later(setText)} />
      <Segments
        label="Way"
        value={way}
        onChange={later(setWay)}
        options={[
          { value: "near", label: "Near" },
          { value: "far", label: "Far" },
        ]}
      />
      {["ga", "from elsewhere"].map((before) => (
        <button key={before} type="button" onClick={() => setText(before)}>
          Back to {before}
        </button>
      ))}
    </>
  )
}

const shown = () => (byRole("searchbox", "Find") as HTMLInputElement).value
const step = (steps: (() => void)[]) => act(async () => steps.shift()?.())

test("no letter is lost while the address follows", async () => {
  const steps: (() => void)[] = []
  await render(<Slow steps={steps} />)
  await type(byRole("searchbox", "Find"), "g")
  await type(byRole("searchbox", "Find"), "ga")
  expect(shown()).toBe("ga")
  await step(steps)
  expect(shown()).toBe("ga")
  await type(byRole("searchbox", "Find"), "g")
  while (steps.length > 0) {
    await step(steps)
    expect(shown()).toBe("g")
  }
  // What was typed once and has long arrived holds no less when somebody goes back to it.
  for (const before of ["ga", "from elsewhere"]) {
    await click(byRole("button", `Back to ${before}`))
    expect(shown()).toBe(before)
  }
})

test("what is chosen is chosen at once, and what comes from elsewhere in between holds", async () => {
  const steps: (() => void)[] = []
  await render(<Slow steps={steps} />)
  const far = byRole("radio", "Far") as HTMLInputElement
  await click(far)
  expect(far.checked).toBe(true)
  await step(steps)
  expect(far.checked).toBe(true)
  await type(byRole("searchbox", "Find"), "x")
  await click(byRole("button", "Back to from elsewhere"))
  expect(shown()).toBe("from elsewhere")
})
