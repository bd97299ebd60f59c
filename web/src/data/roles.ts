/** What a caller's role lets it do, in words where it does not; the server decides all the same. */
import type { Session } from "@waybill/contract"

type Who = Pick<Session, "role" | "actor">

const ranks = { viewer: 0, operator: 1, admin: 2 } as const satisfies Record<Session["role"], number>

/** Undefined: allowed, or not known yet. */
export function lacksRole(session: Who | undefined, role: Session["role"]): string | undefined {
  if (session === undefined || ranks[session.role] >= ranks[role]) return undefined
  return `This needs the role ${role}; ${session.actor} has ${session.role}`
}
