// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest"
import { byRole, click, press, render, type, unmountAll } from "../testing/render.tsx"
import { FacetSelect } from "./FacetSelect.tsx"

afterEach(unmountAll)

const choices = ["Failed", "Running", "Completed"].map((label) => ({ value: label.toUpperCase(), label }))

test("a facet says what is chosen, and is changed by typing, arrows and Enter", async () => {
  const change = vi.fn()
  await render(<FacetSelect label="Status" choices={choices} selected={["FAILED"]} onChange={change} />)
  await click(byRole("button", "Status:Failed"))
  const field = byRole("combobox", "Filter: Status")
  await type(field, "un")
  const active = () => document.getElementById(field.getAttribute("aria-activedescendant") ?? "")
  expect(active()?.textContent).toBe("Running")
  await press(field, "Enter")
  expect(change).toHaveBeenLastCalledWith(["FAILED", "RUNNING"])
  await type(field, "")
  expect(byRole("option", "Failed").getAttribute("aria-selected")).toBe("true")
  await press(field, "ArrowUp")
  expect(active()?.textContent).toBe("Completed")
  await click(byRole("option", "Failed"))
  expect(change).toHaveBeenLastCalledWith([])
})
