import * as contract from "@waybill/contract"
import { expect, test } from "vitest"
import { keyScopes, roleNames } from "./role-names.ts"

test("the roles and scopes that can be named on the command line are those of the API", () => {
  expect([keyScopes, roleNames]).toEqual([contract.keyScopes, contract.roleNames])
})
