/** What the access verbs want to know of a request; what they do with it stands in the audit by their own hand. */
import { holdsSecret } from "@waybill/engine"
import type { FastifyRequest } from "fastify"
import type { Deed } from "../../access/deed.ts"
import type { SignInFrom } from "../../access/manage-sessions.ts"
import { doorOf } from "./audit-hook.ts"

export function deedOf(request: FastifyRequest, at: number): Deed {
  const { caller, ip, id } = request
  return { caller, at, door: doorOf(request), address: ip, requestId: id }
}

/** A change that is done says so in its own commit; only what came to nothing is left to the hook. */
export async function done<T>(request: FastifyRequest, change: Promise<T>): Promise<T> {
  const value = await change
  request.isAudited = true
  return value
}

export function signInFrom(request: FastifyRequest, at: number): SignInFrom {
  const { ip, id, headers } = request
  const agent = headers["user-agent"] ?? ""
  return { at, address: ip, agent: holdsSecret(agent) ? "" : agent, requestId: id, door: doorOf(request) }
}
