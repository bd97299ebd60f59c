/**
 * The policies that hold now, all of them in memory: every command is looked through on its way in, so that what is asked
 * here is a map. A policy holds for what comes in after it was durable; what is kept already stays as it is.
 */
import type { Json } from "../../core/json.ts"
import { marker } from "../../core/policy/redaction/marker.ts"
import { effectivePolicy, type RedactionPolicy } from "../../core/policy/redaction/policy.ts"
import { createRedactor, holdsFor, type Redactor } from "../../core/policy/redaction/redactor.ts"
import type { PolicyRow, Redaction, RedactionPlace, SealingKeys } from "../../ports/redaction.ts"

interface Scope {
  /** The newest version that was put. */
  readonly row: PolicyRow
  readonly policy: RedactionPolicy | null
}

/** One name is asked for in so many forms at most. */
const namesMax = 50

export class PolicyBook implements Redaction {
  readonly #keys: SealingKeys
  readonly #scopes = new Map<string, Scope>()
  /** By workflow, since every value on its way in asks; all of a workspace's go when one of its policies changes. */
  readonly #redactors = new Map<string, Map<string, Redactor>>()
  /** By workspace: one for each way in which a name is kept, and each key. Every question that names something asks. */
  readonly #namersOf = new Map<string, readonly Redactor[]>()

  constructor(keys: SealingKeys, rows: readonly PolicyRow[]) {
    this.#keys = keys
    for (const row of rows) this.hold(row)
  }

  redact({ workspaceId, workflowId, kind }: RedactionPlace, value: Json): Json {
    return this.#redactor(workspaceId, workflowId).redact(kind, value)
  }

  digest(workspaceId: string, text: string): string {
    return marker("hash", "key", this.#keys.sealsOf(workspaceId).hash(text))
  }

  digests(workspaceId: string, text: string): readonly string[] {
    return this.#keys.everySealsOf(workspaceId).map((seals) => marker("hash", "key", seals.hash(text)))
  }

  /** Under the policies of now: what was kept under one of before is not found by what it stood for. */
  namesOf(workspaceId: string, name: string): readonly string[] {
    const names = new Set([name])
    for (const redactor of this.#namers(workspaceId)) {
      if (names.size === namesMax) break
      const kept = redactor.redact("identifier", name)
      names.add(typeof kept === "string" ? kept : JSON.stringify(kept))
    }
    return [...names]
  }

  /** It is durable, and holds from now on. */
  hold(row: PolicyRow): void {
    const policy = row.policy === null ? null : (JSON.parse(row.policy) as RedactionPolicy)
    this.#scopes.set(scopeName(row.workspaceId, row.workflowId), { row, policy })
    this.#redactors.delete(row.workspaceId)
    this.#namersOf.delete(row.workspaceId)
  }

  newest(workspaceId: string, workflowId: string | null): PolicyRow | null {
    return this.#scopes.get(scopeName(workspaceId, workflowId))?.row ?? null
  }

  /** Those of a workspace that hold, its own first, then by workflow. */
  list(workspaceId: string): readonly PolicyRow[] {
    const rows = [...this.#scopes.values()].map(({ row }) => row)
    return rows
      .filter((row) => row.workspaceId === workspaceId && row.policy !== null)
      .sort((a, b) => ((a.workflowId ?? "") < (b.workflowId ?? "") ? -1 : 1))
  }

  /** Those with a policy of their own. */
  #workflows(workspaceId: string): readonly string[] {
    return this.list(workspaceId).flatMap(({ workflowId }) => (workflowId === null ? [] : [workflowId]))
  }

  /** What is done to a workflow's values now, with all that it takes from wider scopes. */
  effective(workspaceId: string, workflowId: string | null): RedactionPolicy {
    const own = workflowId === null ? null : this.#policy(workspaceId, workflowId)
    return effectivePolicy([own, this.#policy(workspaceId, null)])
  }

  /** As if this were the scope's policy. */
  redactorWith(workspaceId: string, workflowId: string | null, policy: RedactionPolicy): Redactor {
    const wider = workflowId === null ? null : this.#policy(workspaceId, null)
    return createRedactor(effectivePolicy([policy, wider]), this.#keys.sealsOf(workspaceId))
  }

  #redactor(workspaceId: string, workflowId: string): Redactor {
    let known = this.#redactors.get(workspaceId)
    if (known === undefined) {
      known = new Map()
      this.#redactors.set(workspaceId, known)
    }
    const before = known.get(workflowId)
    if (before !== undefined) return before
    const made = this.#made(known, workspaceId, workflowId)
    known.set(workflowId, made)
    return made
  }

  #namers(workspaceId: string): readonly Redactor[] {
    const known = this.#namersOf.get(workspaceId)
    if (known !== undefined) return known
    const ways = new Map<string, RedactionPolicy>()
    for (const workflowId of [null, ...this.#workflows(workspaceId)]) {
      const way = ofNames(this.effective(workspaceId, workflowId))
      ways.set(JSON.stringify(way), way)
    }
    const seals = this.#keys.everySealsOf(workspaceId)
    const made = [...ways.values()].flatMap((way) => seals.map((one) => createRedactor(way, one)))
    this.#namersOf.set(workspaceId, made)
    return made
  }

  /** Workflows without a policy of their own share one. */
  #made(known: Map<string, Redactor>, workspaceId: string, workflowId: string): Redactor {
    const own = this.#policy(workspaceId, workflowId) === null ? null : workflowId
    const shared = own === null ? known.get("") : undefined
    if (shared !== undefined) return shared
    const made = createRedactor(this.effective(workspaceId, own), this.#keys.sealsOf(workspaceId))
    if (own === null) known.set("", made)
    return made
  }

  #policy(workspaceId: string, workflowId: string | null): RedactionPolicy | null {
    return this.#scopes.get(scopeName(workspaceId, workflowId))?.policy ?? null
  }
}

function scopeName(workspaceId: string, workflowId: string | null): string {
  return JSON.stringify([workspaceId, workflowId])
}

/** What a policy says of names: two that differ only in what they do to values keep a name alike. */
function ofNames({ detectors, fields }: RedactionPolicy): RedactionPolicy {
  const sorted = Object.entries(detectors).sort(([a], [b]) => (a < b ? -1 : 1))
  return { detectors: Object.fromEntries(sorted), fields: fields.filter((rule) => holdsFor(rule, "identifier")) }
}
