/** What was done, by whom, from where, and how it ended: the audit of one workspace. */
import { type Static, Type } from "typebox"
import { answer, oneOf, page, text, time } from "./scalars.ts"

export const auditOutcomeNames = ["done", "refused", "failed"] as const

export const AuditEntry = answer("AuditEntry", {
  number: Type.Integer({ minimum: 1, description: "Without gaps in its workspace." }),
  at: time,
  actor: text,
  credential: Type.String({ description: "`key:…`, `session:…`, `open`, `cli`." }),
  action: Type.String({ description: "`run.cancel`, `key.create` …" }),
  target: Type.String({ description: "What it was done to; empty: nothing in particular." }),
  door: Type.String({ description: "Method and route." }),
  address: text,
  outcome: oneOf(auditOutcomeNames),
  status: Type.Integer({ description: "HTTP status; 0: it did not come over HTTP." }),
  requestId: text,
  detail: Type.Unsafe<unknown>({ description: "What else is worth keeping; null: nothing." }),
  prevHash: text,
  hash: text,
})
export type AuditEntry = Static<typeof AuditEntry>
export const AuditPage = page("AuditPage", AuditEntry)
export type AuditPage = Static<typeof AuditPage>
