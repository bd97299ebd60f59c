/**
 * Contexts of runs at points of their history, on a reader's thread. Only the events that can touch a context are read,
 * a bounded number a statement (rule 29). What was folded is kept for a while: the newest point of the few runs that were
 * looked at last, and points on the way to it, so that somebody who moves along a long run waits for a part of it only.
 * Of a very long run such points are stored too, so that the first look after a start is no longer than the others.
 */
import type { Json } from "../../../core/json.ts"
import { materialise } from "../../../core/run/context.ts"
import { decodeEvent } from "../../../core/run/decode-event.ts"
import { type ContextAt, ContextFold } from "../../../core/views/context-at.ts"
import {
  type BlobTexts,
  type ContextAnswer,
  changesBetween,
  type EvaluatedText,
  evaluateOver,
} from "../../../core/views/context-questions.ts"
import { charsOf, type JsonPieces, jsonPieces } from "../../../core/views/json-pieces.ts"
import { type StepContext, StepContextView } from "../../../core/views/step-context.ts"
import { runKeyOf } from "../rows.ts"
import { contextEvents } from "./context-events.ts"
import { findStep, readableHead } from "./run-points.ts"
import type { Row, Statements } from "./statements.ts"
import { storedPoint } from "./stored-point.ts"

export interface ContextBounds {
  /** Events of one statement, those that touch no context included. */
  readonly eventsPerRead: number
  /** Events between two points that are kept. */
  readonly pointEvery: number
  /** All kept points and texts together, in characters. */
  readonly pointCharsMax: number
  readonly runsMax: number
}

export const defaultContextBounds: ContextBounds = {
  eventsPerRead: 2_000,
  pointEvery: 10_000,
  pointCharsMax: 32 << 20,
  runsMax: 4,
}

interface KeptRun {
  newest: ContextFold | null
  /** Up to where it holds: there is nothing of a context in the events between. */
  read: number
  /** In the order of their seq. */
  readonly points: { readonly seq: number; readonly text: string }[]
  /** What was told of its newest event: of a long run a page asks for it again and again. */
  told: { readonly head: number; readonly pieces: JsonPieces; readonly chars: number } | null
}

interface Folded {
  readonly fold: ContextFold
  readonly read: number
}

export class ContextReader {
  readonly #statements: Statements
  readonly #bounds: ContextBounds
  /** The run that was looked at last is the last. */
  readonly #kept = new Map<string, KeptRun>()

  constructor(statements: Statements, bounds: ContextBounds = defaultContextBounds) {
    this.#statements = statements
    this.#bounds = bounds
  }

  /** `at` null = after the last event. Null: no such run, or nothing of it can be read. */
  textAt(runId: string, at: number | null): JsonPieces | null {
    const shown = this.#shown(runId, at)
    return shown === null ? null : jsonPieces(shown as unknown as Json)
  }

  /** The context alone, after the last event, as text. */
  textNow(runId: string): JsonPieces | null {
    const head = this.#headOf(runId)
    if (head === 0) return null
    const kept = this.#keptOf(runId)
    if (kept.told?.head === head) return kept.told.pieces
    const { state } = this.#foldUntil(runId, kept, head).fold
    if (state === null) return null
    const pieces = jsonPieces(materialise(state.context))
    const chars = charsOf(pieces)
    kept.told = chars <= this.#bounds.pointCharsMax / 4 ? { head, pieces, chars } : null
    this.#forget()
    return pieces
  }

  /** From one point to another; null as above. */
  changes(
    runId: string,
    { from, to }: { readonly from: number | null; readonly to: number | null },
    limit: number,
    blobs: BlobTexts,
  ): ContextAnswer<string> | null {
    const then = this.#shown(runId, from)
    const now = this.#shown(runId, to)
    return then === null || now === null ? null : changesBetween(then, now, limit, blobs)
  }

  /** Over an empty context where there is no run. */
  evaluate(
    expression: string,
    runId: string | null,
    at: number | null,
    blobs: BlobTexts,
  ): ContextAnswer<EvaluatedText> | null {
    const shown = runId === null ? { value: {} } : this.#shown(runId, at)
    return shown === null ? null : evaluateOver(shown.value, expression, blobs)
  }

  #shown(runId: string, at: number | null): ContextAt | null {
    const head = this.#headOf(runId)
    if (head === 0) return null
    const { fold, read } = this.#foldUntil(runId, this.#keptOf(runId), Math.min(at ?? head, head))
    const shown = fold.shown(read)
    this.#forget()
    return shown
  }

  /** The newest point that was folded is kept. */
  #foldUntil(runId: string, kept: KeptRun, until: number): Folded {
    const folded = this.#foldTo(runId, kept, until)
    const { fold } = folded
    const isSmall = (fold.state?.contextBytes ?? 0) <= this.#bounds.pointCharsMax / 4
    if (kept.newest === null || fold.seq >= kept.newest.seq) {
      kept.newest = isSmall ? fold : null
      kept.read = folded.read
    }
    return folded
  }

  /** Null: no such step. */
  ofStep(runId: string, stepId: string): StepContext | null {
    const step = findStep(this.#statements, runId, stepId)
    const head = this.#headOf(runId)
    if (step === null || head === 0) return null
    const { fold } = this.#foldTo(runId, this.#keptOf(runId), step.firstSeq - 1, true)
    this.#forget()
    const view = new StepContextView(stepId, fold)
    for (const row of this.#read(runId, step.firstSeq - 1, head)) {
      const decoded = decodeEvent(row as never)
      if (!decoded.ok || !view.apply(decoded.event)) break
    }
    return view.result()
  }

  /** `read`: up to where it holds; before `until` where an event cannot be read. `own`: the caller will go on with it. */
  #foldTo(runId: string, kept: KeptRun, until: number, own = false): Folded {
    const { fold, read } = this.#nearest(runId, kept, until, own)
    for (const row of this.#read(runId, read, until)) {
      const decoded = decodeEvent(row as never)
      if (!decoded.ok) return { fold, read: (row.seq as number) - 1 }
      fold.apply(decoded.event)
      this.#keepPoint(kept, fold)
    }
    return { fold, read: until }
  }

  #nearest(runId: string, kept: KeptRun, until: number, own: boolean): Folded {
    const { newest } = kept
    const point = kept.points.findLast(({ seq }) => seq <= until)
    const isNewest = !own && newest !== null && newest.seq <= until && newest.seq >= (point?.seq ?? 0)
    const seq = isNewest ? kept.read : (point?.seq ?? 0)
    const stored = until - seq < this.#bounds.pointEvery ? null : storedPoint(this.#statements, runId, seq, until)
    if (stored !== null) return { fold: ContextFold.decode(runId, stored.fold), read: stored.seq }
    if (isNewest) return { fold: newest, read: kept.read }
    return { fold: point === undefined ? new ContextFold(runId) : ContextFold.decode(runId, point.text), read: seq }
  }

  /** In order, a short read after the other; what is done with an event is done between them. */
  *#read(runId: string, after: number, until: number): Generator<Row, void> {
    for (let from = after; from < until; from += this.#bounds.eventsPerRead) {
      const to = Math.min(until, from + this.#bounds.eventsPerRead)
      yield* this.#statements.all(contextEvents(runKeyOf), [runId, from, to])
    }
  }

  #keepPoint(kept: KeptRun, fold: ContextFold): void {
    const last = kept.points[kept.points.length - 1]?.seq ?? 0
    if (fold.seq < last + this.#bounds.pointEvery) return
    const text = fold.encode()
    // One that alone takes much of the room is not worth it.
    if (text.length <= this.#bounds.pointCharsMax / 4) kept.points.push({ seq: fold.seq, text })
  }

  /** The seq of the newest event; what was cleared away since it was looked at is not told from memory either. */
  #headOf(runId: string): number {
    const { head, isReadable } = readableHead(this.#statements, runId)
    if (!isReadable) this.#kept.delete(runId)
    return head
  }

  #keptOf(runId: string): KeptRun {
    const kept = this.#kept.get(runId) ?? { newest: null, read: 0, points: [], told: null }
    this.#kept.delete(runId)
    this.#kept.set(runId, kept)
    return kept
  }

  /** The runs that were looked at longest ago go first, then the last run's own points. */
  #forget(): void {
    const { runsMax, pointCharsMax } = this.#bounds
    const chars = (): number => {
      let sum = 0
      for (const { points, told } of this.#kept.values())
        sum += points.reduce((all, { text }) => all + text.length, told?.chars ?? 0)
      return sum
    }
    while (this.#kept.size > 1 && (this.#kept.size > runsMax || chars() > pointCharsMax))
      this.#kept.delete(this.#kept.keys().next().value!)
    const [last] = this.#kept.values()
    while (last !== undefined && last.points.length > 0 && chars() > pointCharsMax) last.points.shift()
  }
}
