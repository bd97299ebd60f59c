/** All rows of a run, made again from its events: what `rebuild` writes and `fsck` compares with (I5). */
import type { RunEvent } from "../run/events.ts"
import { evolve } from "../run/evolve.ts"
import type { RunState } from "../run/state.ts"
import { lookBefore, Projection, type Rows } from "./projection.ts"

export class RowFold {
  readonly #runId: string
  readonly #projection = new Projection()
  #state: RunState | null = null

  constructor(runId: string) {
    this.#runId = runId
  }

  get state(): RunState {
    if (this.#state === null) throw new Error(`run ${this.#runId} has no events`)
    return this.#state
  }

  apply(event: RunEvent): void {
    const before = lookBefore(this.#state, event)
    this.#state = evolve(this.#state, event, this.#runId)
    this.#projection.note(this.#state, event, before)
  }

  /** `timersSet` are those still set; `timersCancelled` all that ever ended. */
  rows(headHash: string): Rows {
    return this.#projection.rows(this.state, headHash)
  }
}

export function foldRows(runId: string, events: Iterable<RunEvent>, headHash: string): Rows {
  const fold = new RowFold(runId)
  for (const event of events) fold.apply(event)
  return fold.rows(headHash)
}
