import { alertEvents as wireEvents, alertKinds as wireKinds, deliveryStates as wireStates } from "@waybill/contract"
import { expect, test } from "vitest"
import { alertEvents, alertKinds, deliveryStates } from "./alert-names.ts"

test("the words of alerts are the contract's, and all of them", () => {
  expect([alertKinds, alertEvents, deliveryStates]).toEqual([wireKinds, wireEvents, wireStates])
})
