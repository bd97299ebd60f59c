// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest"
import { allByRole, byRole, press, render, type, unmountAll } from "../testing/render.tsx"
import { JsonTree } from "./JsonTree.tsx"

afterEach(unmountAll)

const order = { customer: { address: { city: "Turin" } }, items: [1, 2] }
const seen = () =>
  allByRole("treeitem").map((item) => item.getAttribute("aria-level") + (item.getAttribute("aria-expanded") ?? ""))

test("arrows open and fold a value, and lead to what it is in", async () => {
  await render(<JsonTree value={order} label="Input" openDepth={1} />)
  const tree = byRole("tree", "Input")
  expect(seen()).toEqual(["1true", "2false", "2false"])
  for (const key of ["ArrowDown", "ArrowRight", "ArrowRight"]) await press(tree, key)
  expect(seen()).toEqual(["1true", "2true", "3false", "2false"])
  await press(tree, "ArrowLeft")
  await press(tree, "ArrowLeft")
  expect(seen()).toEqual(["1true", "2false", "2false"])
})

test("a search opens what hides the words", async () => {
  await render(<JsonTree value={order} label="Input" openDepth={1} />)
  await type(document.querySelector("input[type=search]")!, "turin")
  expect(byRole("status").textContent).toBe("1 found")
  expect(byRole("tree").textContent).toContain("Turin")
})

test("a folded value says that something in it has changed, an open one says what", async () => {
  const changed = new Map([["/customer/address/city", "changed"]] as const)
  await render(<JsonTree value={order} label="Context" openDepth={1} changed={changed} />)
  expect(byRole("treeitem", /^.*customer/).textContent).toContain("changed inside")
  await type(document.querySelector("input[type=search]")!, "turin")
  expect(byRole("treeitem", /city/).textContent).toMatch(/, changed$|, changed[^ ]/)
})

test("a value of ten thousand lines is a few of them in the page, and the keyboard reaches the last", async () => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400)
  await render(<JsonTree value={{ all: Array.from({ length: 10_000 }, (_, at) => at) }} label="Output" openDepth={1} />)
  const tree = byRole("tree", "Output")
  await press(tree, "ArrowDown")
  await press(tree, "ArrowRight")
  expect(allByRole("treeitem").length).toBeLessThan(100)
  await press(tree, "End")
  expect(document.getElementById(tree.getAttribute("aria-activedescendant")!)?.textContent).toContain("9999: 9999")
  vi.restoreAllMocks()
})
