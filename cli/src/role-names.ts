/** The contract's, as lists of their own: reading the contract for a few words would load all of its schemas. */
import type { KeyScope, RoleName } from "@waybill/contract"

export const roleNames = ["viewer", "operator", "admin"] as const satisfies readonly RoleName[]

export const keyScopes = [
  "runs:read",
  "runs:write",
  "approvals:decide",
  "definitions:read",
  "definitions:write",
  "metrics:read",
  "audit:read",
  "admin",
] as const satisfies readonly KeyScope[]
