/** Who does something, from where and through which door: what every audit entry begins with. */
import { type AuditDraft, holdsSecret } from "@waybill/engine"
import type { Caller } from "../http/shared/auth.ts"

export interface Deed {
  readonly caller: Pick<Caller, "actor" | "role" | "scopes" | "workspaceId" | "credential"> & {
    /** Of the machine's own command line, in any workspace. */
    readonly isOfServer?: boolean
  }
  readonly at: number
  readonly door: string
  readonly address: string
  readonly requestId: string
}

export function said(
  { caller, at, door, address, requestId }: Deed,
  action: string,
  target: string,
  detail: Readonly<Record<string, unknown>> | null = null,
  ended: Pick<AuditDraft, "outcome" | "status"> = { outcome: "done", status: 200 },
): AuditDraft {
  return {
    workspaceId: caller.workspaceId,
    at,
    actor: caller.actor.id,
    credential: caller.credential,
    action,
    target: plain(target),
    door,
    address,
    ...ended,
    requestId,
    detail:
      detail === null
        ? null
        : JSON.stringify(detail, (_name, value: unknown) => (typeof value === "string" ? plain(value) : value)),
  }
}

/** Who may is said of people, who stay who they are whatever a policy says; what looks like a key is nobody. */
function plain(text: string): string {
  return holdsSecret(text) ? "[redacted]" : text
}
