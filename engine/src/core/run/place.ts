/**
 * Where a state stands in a run: the frames from the root, then name and visit (rule 4). From it comes the step id.
 * Plain form (visit 1 everywhere, no block scope) is 004 §3.6's four parts; frames beyond that extend the branch path.
 */
export interface Frame {
  readonly kind: "branch" | "item" | "try" | "finally" | "do" | "cancel"
  readonly owner: string
  readonly ownerVisit: number
  /** Branch name, or `""`. */
  readonly name: string
  /** Item or iteration, or 0. */
  readonly index: number
}

export type Sha256 = (text: string) => Uint8Array

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** The first `length` base-32 digits of a hash. */
export function base32(bytes: Uint8Array, length: number): string {
  let text = ""
  let bits = 0
  let buffer = 0
  for (let at = 0; at < bytes.length; at++) {
    buffer = (buffer << 8) | bytes[at]!
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += crockford[(buffer >> bits) & 31]
      if (text.length === length) return text
    }
    buffer &= (1 << bits) - 1
  }
  return text
}

/** The vector of item indices, outermost first; null outside every foreach. */
export function itemIndices(frames: readonly Frame[]): readonly number[] | null {
  const indices = frames.filter((frame) => frame.kind === "item").map((frame) => frame.index)
  return indices.length === 0 ? null : indices
}

/** The path a person reads, e.g. `checks/pods/items[3]` (settled 3). */
export function branchPath(frames: readonly Frame[]): string {
  return frames.map(frameText).join("/")
}

function frameText(frame: Frame): string {
  const owner = frame.ownerVisit > 1 ? `${frame.owner}#${frame.ownerVisit}` : frame.owner
  switch (frame.kind) {
    case "branch":
      return `${owner}/${frame.name}`
    case "item":
      return `${owner}[${frame.index}]`
    case "do":
      return `${owner}.do[${frame.index}]`
    default:
      return `${owner}.${frame.kind}`
  }
}

/** 004 §3.6 `hash(run_id + state_name + branch_path + foreach_index)`, joined as a canonical JSON array (settled 3). */
export function stepId(sha256: Sha256, runId: string, frames: readonly Frame[], state: string, visit: number): string {
  const path = frames.map((frame) => [
    frame.kind,
    frame.owner,
    frame.ownerVisit,
    frame.name,
    frame.kind === "do" ? frame.index : 0,
  ])
  const place = JSON.stringify([runId, state, path, itemIndices(frames) ?? [], visit])
  return `step_${base32(sha256(place), 26)}`
}

/** Unique among a run's scopes: the holder's step id and what sets this scope apart. */
export function scopeId(ownerStepId: string, kind: Frame["kind"], name: string, index: number): string {
  return kind === "branch" ? `${ownerStepId}/${kind}:${name}` : `${ownerStepId}/${kind}:${index}`
}
