import { expect, test } from "vitest"
import { matching, movedTo } from "./options.ts"

const choices = ["invoice_monthly", "monthly_report", "refund"].map((value) => ({ value, label: value }))
const found = (words: string) => matching(choices, words).map((choice) => choice.value)

test("what begins with the words stands before what contains them", () => {
  expect(found("MONTH")).toEqual(["monthly_report", "invoice_monthly"])
  expect(found("")).toHaveLength(3)
  expect(found("payroll")).toEqual([])
  expect(matching(choices, "", 2)).toHaveLength(2)
})

test("arrows go around the list, and a list of nothing is left to itself", () => {
  expect([movedTo("ArrowDown", 2, 3), movedTo("ArrowUp", 0, 3), movedTo("ArrowDown", -1, 3)]).toEqual([0, 2, 0])
  expect([movedTo("ArrowDown", 0, 0), movedTo("a", 0, 3)]).toEqual([undefined, undefined])
})
