/** What the contract lists for the outside is what the engine knows: neither imports the other. */
import {
  redactionDetectors,
  retentionClasses as wireClasses,
  redactionKinds as wireKinds,
  redactionMethods as wireMethods,
} from "@waybill/contract"
import { detectorNames, redactionKinds, redactionMethods, retentionClasses } from "@waybill/engine"
import { expect, test } from "vitest"

test.each([
  ["detectors", redactionDetectors, detectorNames],
  ["kinds of values", wireKinds, redactionKinds],
  ["methods", wireMethods, redactionMethods],
  ["classes of retention", wireClasses, retentionClasses],
])("the %s that can be named over the API are those that the engine has", (_, wire, known) => {
  expect([...wire].sort()).toEqual([...known].sort())
})
