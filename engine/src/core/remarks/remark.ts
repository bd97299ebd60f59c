/**
 * What people add beside a run's history: notes, tags, an owner, a resolution. A remark is written once and never
 * changed; taking something back is another remark. It never touches the run: a finished run's rows stay as they are
 * (003, immutability). Pure data and its bounds.
 */

/** From where: the door that took it, and the address or the bulk action behind it. */
export interface RemarkOrigin {
  readonly door: "api" | "bulk" | "engine"
  readonly address: string | null
}

export const resolutionStates = ["acknowledged", "resolved", "superseded", "wont_fix"] as const
export type ResolutionState = (typeof resolutionStates)[number]

export type RemarkBody =
  | {
      readonly kind: "note.added"
      readonly note: string
      readonly stepId: string | null
      /** The number of a line of the run's log, which is its step's; absent: about no line. */
      readonly logLine?: number
    }
  /** The note stays in the trail; it is only no longer shown as one that holds. */
  | { readonly kind: "note.withdrawn"; readonly remarkId: string }
  | { readonly kind: "tags.changed"; readonly add: readonly string[]; readonly remove: readonly string[] }
  /** Null: nobody any more. */
  | { readonly kind: "owner.set"; readonly owner: string | null }
  /** `runId`: the run that superseded it. */
  | {
      readonly kind: "resolution.set"
      readonly state: ResolutionState
      readonly reason: string | null
      readonly runId: string | null
    }
  | { readonly kind: "resolution.undone" }

export type RemarkKind = RemarkBody["kind"]
export const remarkKinds: readonly RemarkKind[] = [
  "note.added",
  "note.withdrawn",
  "tags.changed",
  "owner.set",
  "resolution.set",
  "resolution.undone",
]

export interface Remark {
  readonly remarkId: string
  readonly runId: string
  /** 1, 2, 3 … within its run, without gaps. */
  readonly number: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly actor: string
  readonly origin: RemarkOrigin
  readonly body: RemarkBody
}

/** A remark with what became of it: a note may be withdrawn. */
export interface Noted extends Remark {
  readonly withdrawn: { readonly at: number; readonly actor: string } | null
}

/** In UTF-16 units, as the contract counts them. */
export const remarkLimits = {
  note: 4_000,
  tag: 128,
  owner: 256,
  reason: 2_000,
  /** In one request, each of added and removed. */
  tagsAtOnce: 50,
  /** Shown on one run. */
  tags: 100,
  /** On one run, of all kinds. */
  remarks: 10_000,
} as const
