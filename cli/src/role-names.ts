/** The contract's, as a list of its own: reading the contract for three words would load all of its schemas. */
import type { RoleName } from "@waybill/contract"

export const roleNames = ["viewer", "operator", "admin"] as const satisfies readonly RoleName[]
