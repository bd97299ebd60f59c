import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { dismissToast, holdToasts, toast, toastsShown } from "./toasts.ts"

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  for (const { id } of toastsShown()) dismissToast(id)
  vi.useRealTimers()
})

const texts = () => toastsShown().map((one) => one.text)

test("a notice goes by itself, one with a way back stays longer", () => {
  toast("Tag added")
  toast("Tag removed", { action: { label: "Undo", run: () => {} } })
  vi.advanceTimersByTime(7_000)
  expect(texts()).toEqual(["Tag removed"])
  vi.advanceTimersByTime(7_000)
  expect(texts()).toEqual([])
})

test("no notice goes while somebody reads it", () => {
  toast("Tag added")
  holdToasts(true)
  vi.advanceTimersByTime(60_000)
  expect(texts()).toEqual(["Tag added"])
  holdToasts(false)
  vi.advanceTimersByTime(7_000)
  expect(texts()).toEqual([])
})

test("at most three stand there, the newest", () => {
  for (const text of ["1", "2", "3", "4"]) toast(text)
  expect(texts()).toEqual(["2", "3", "4"])
})
