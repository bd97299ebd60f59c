/** A run's context at any point, and who wrote each value: a fold over its events (X1, settled 26). */
import type { Json } from "../json.ts"
import { localWrites, materialise } from "../run/context.ts"
import type { RunEvent } from "../run/events.ts"
import { evolve } from "../run/evolve.ts"
import { branchPath } from "../run/place.ts"
import type { RunState } from "../run/state.ts"

export interface ContextAt {
  readonly seq: number
  /** May hold BlobRefs where values are large: resolve them before they leave the engine. */
  readonly value: Json
  /** What open branches and items have written so far, apart from the run's own context. */
  readonly scopes: readonly { readonly scope: string; readonly branchPath: string; readonly value: Json }[]
  /** Path (`steps.check`) → step that wrote it last; the input's keys belong to no step. */
  readonly writers: { readonly [path: string]: string }
}

/** @param events from seq 1, oldest first; those after `at` are not looked at. Null = no event to fold. */
export function contextAt(runId: string, events: Iterable<RunEvent>, at: number | null): ContextAt | null {
  let state: RunState | null = null
  const writers = new Map<string, string>()
  let last: ContextAt | null = null
  for (const event of events) {
    if (at !== null && event.seq > at) break
    // The terminal event clears the scopes; the context is shown as the last step left it.
    if (state !== null && event.type.startsWith("run.") && event.stepId === null) last = shown(state, writers)
    state = evolve(state, event, runId)
    if (event.type === "context.written") noteWriter(writers, event)
    if (state.terminal !== null) return { ...(last ?? shown(state, writers)), seq: event.seq, scopes: [] }
  }
  return state === null ? null : shown(state, writers)
}

function noteWriter(writers: Map<string, string>, event: Extract<RunEvent, { type: "context.written" }>): void {
  const { scope, path, mode, value } = event.payload
  const prefix = scope === "" ? "" : `${scope}:`
  const root = `${prefix}${path.join(".")}`
  const written = value !== undefined && "value" in value ? value.value : null
  if (
    (path.length === 0 || mode === "merge") &&
    typeof written === "object" &&
    written !== null &&
    !Array.isArray(written)
  ) {
    for (const key of Object.keys(written))
      writers.set(root === "" || root.endsWith(":") ? `${root}${key}` : `${root}.${key}`, event.stepId ?? "")
    return
  }
  // A value replaced whole replaces what was written inside it.
  for (const known of [...writers.keys()]) if (known.startsWith(`${root}.`)) writers.delete(known)
  writers.set(root, event.stepId ?? "")
}

function shown(state: RunState, writers: ReadonlyMap<string, string>): ContextAt {
  const scopes = [...state.scopes.values()]
    .filter((scope) => scope.context !== null)
    .map((scope) => ({ scope: scope.id, branchPath: branchPath(scope.frames), value: localWrites(scope.context!) }))
  return { seq: state.seq, value: materialise(state.context), scopes, writers: Object.fromEntries(writers) }
}
