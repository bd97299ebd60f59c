/**
 * The door of redaction: the policies, what they would do, and, for an admin with a reason, what lies behind a token. It
 * is opened before the engine, which takes `redaction` as its port.
 */
import type { Json } from "../../core/json.ts"
import { checkPolicy, type PolicyProblem } from "../../core/policy/redaction/check-policy.ts"
import { marker } from "../../core/policy/redaction/marker.ts"
import { openTokens } from "../../core/policy/redaction/open-tokens.ts"
import type { RedactionKind, RedactionPolicy } from "../../core/policy/redaction/policy.ts"
import type { RedactionHit } from "../../core/policy/redaction/redactor.ts"
import type { Clock } from "../../ports/clock.ts"
import type { Log } from "../../ports/log.ts"
import type { PolicyRow, PolicyStore, Redaction, SealingKeys } from "../../ports/redaction.ts"
import { PolicyBook } from "./policy-book.ts"

export interface RedactionPorts {
  readonly store: PolicyStore
  readonly keys: SealingKeys
  readonly clock: Clock
  readonly log: Log
}

export interface RedactionScope {
  readonly workspaceId: string
  /** Null: the whole workspace's. */
  readonly workflowId: string | null
}

export interface PutPolicy extends RedactionScope {
  /** As it was written; null takes the scope's policy back. */
  readonly policy: Json
  readonly note: string | null
  /** The version it was made from, 0 = none; null = whatever holds. */
  readonly basedOn: number | null
  readonly by: string
}

export type PolicyPut =
  | { readonly kind: "put"; readonly row: PolicyRow }
  | { readonly kind: "invalid"; readonly problems: readonly PolicyProblem[] }
  /** Another version is there than it was made from. */
  | { readonly kind: "stale"; readonly version: number }

export interface Sample {
  readonly kind: RedactionKind
  readonly value: Json
}

export interface SampleResult {
  readonly value: Json
  readonly hits: readonly RedactionHit[]
}

export type DryRun =
  | { readonly kind: "done"; readonly results: readonly SampleResult[] }
  | { readonly kind: "invalid"; readonly problems: readonly PolicyProblem[] }

export interface RedactionDoor {
  readonly redaction: Redaction
  /** Those that hold, the workspace's own first. */
  list(workspaceId: string): readonly PolicyRow[]
  newest(scope: RedactionScope): PolicyRow | null
  /** With what comes from the workspace and from Waybill. */
  effective(scope: RedactionScope): RedactionPolicy
  versions(scope: RedactionScope, limit: number): Promise<readonly PolicyRow[]>
  put(asked: PutPolicy): Promise<PolicyPut>
  /** @param policy as it was written; null: the one that holds. Nothing is kept of the samples. */
  dryRun(scope: RedactionScope, policy: Json, samples: readonly Sample[]): DryRun
  /**
   * The value with its tokens opened; whoever calls this writes down who asked and why.
   * @returns `opened`: the tokens, as they stood there
   */
  reveal(workspaceId: string, value: Json): { readonly value: Json; readonly opened: readonly string[] }
}

export async function openRedaction({ store, keys, clock, log }: RedactionPorts): Promise<RedactionDoor> {
  await noteKeys(store, keys, clock, log)
  const book = new PolicyBook(keys, await store.policies())
  return {
    redaction: book,
    list: (workspaceId) => book.list(workspaceId),
    newest: ({ workspaceId, workflowId }) => book.newest(workspaceId, workflowId),
    effective: ({ workspaceId, workflowId }) => book.effective(workspaceId, workflowId),
    versions: ({ workspaceId, workflowId }, limit) => store.versions(workspaceId, workflowId, limit),
    put: (asked) => putPolicy(book, store, clock, asked),
    dryRun(scope, written, samples) {
      const { workspaceId, workflowId } = scope
      const checked = written === null ? null : checkPolicy(written)
      if (checked?.ok === false) return { kind: "invalid", problems: checked.problems }
      const policy = checked?.policy ?? book.effective(workspaceId, workflowId)
      const redactor = book.redactorWith(workspaceId, workflowId, policy)
      const results = samples.map(({ kind, value }): SampleResult => {
        const hits: RedactionHit[] = []
        return { value: redactor.redact(kind, value, (hit) => hits.push(hit)), hits }
      })
      return { kind: "done", results }
    },
    reveal(workspaceId, value) {
      const opened: string[] = []
      const open = (sealed: string, label: string) => {
        const text = keys.open(workspaceId, sealed)
        if (text !== null) opened.push(marker("tokenize", label, sealed))
        return text
      }
      return { value: openTokens(value, open, () => {}), opened }
    },
  }
}

async function putPolicy(book: PolicyBook, store: PolicyStore, clock: Clock, asked: PutPolicy): Promise<PolicyPut> {
  const { workspaceId, workflowId, note, by } = asked
  const checked = asked.policy === null ? null : checkPolicy(asked.policy)
  if (checked?.ok === false) return { kind: "invalid", problems: checked.problems }
  const version = book.newest(workspaceId, workflowId)?.version ?? 0
  if (asked.basedOn !== null && asked.basedOn !== version) return { kind: "stale", version }
  const policy = checked === null ? null : JSON.stringify(checked.policy)
  const row: PolicyRow = { workspaceId, workflowId, version: version + 1, policy, note, at: clock.now(), by }
  if (!(await store.put(row))) return { kind: "stale", version: version + 1 }
  book.hold(row)
  return { kind: "put", row }
}

/** A store without one of its keys works, but what that key closed stays closed: said at once, not when it is needed. */
async function noteKeys(store: PolicyStore, keys: SealingKeys, clock: Clock, log: Log): Promise<void> {
  const used = await store.keys()
  const missing = used.filter((id) => !keys.ids.includes(id))
  if (missing.length > 0)
    log.write("error", "a redaction key of this store is not in the key file: tokens made with it cannot be opened", {
      missing_keys: missing.join(", "),
      hint: "put the old key on a line of its own below the new one, and start again",
    })
  if (!used.includes(keys.current)) await store.useKey(keys.current, clock.now())
}
