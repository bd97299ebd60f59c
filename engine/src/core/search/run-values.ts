/** The values of one run as a query sees them, made from its events: what the index of a store is held to. */
import type { Json } from "../json.ts"
import { broughtValue } from "../run/event-value.ts"
import type { EventPayloads, RunEvent } from "../run/events.ts"
import { type Leaf, pathLeaves } from "./leaves.ts"
import { type SearchedPart, searchedEvent, textLimits, textsOf } from "./searched-event.ts"
import { type Phrase, phraseAt, wordsOf } from "./words.ts"

export interface SearchedLeaf {
  readonly seq: number
  readonly stepId: string | null
  readonly part: SearchedPart
  readonly path: string
  readonly text: string
}

export interface RunValues {
  readonly texts: readonly SearchedLeaf[]
  readonly in: readonly Leaf[]
  readonly out: readonly Leaf[]
  /** The issue that its failure belongs to; null: none, or not asked. */
  readonly issueId: string | null
}

export const noValues: RunValues = { texts: [], in: [], out: [], issueId: null }

/** Its place in the index has room for so many: what comes later in a very long run is not searched. */
export const searchedSeqMax = 65_535

/** @param events in their order, of one run @param issueId who asks by it tells it */
export function runValues(events: readonly RunEvent[], issueId: string | null = null): RunValues {
  const texts: SearchedLeaf[] = []
  let room: number = textLimits.run
  for (const event of events) {
    if (event.seq > searchedSeqMax) break
    const searched = searchedEvent(event)
    if (searched === null || searched === "apart") continue
    const found = textsOf(searched.value, room)
    room -= found.chars
    const { seq, stepId } = event
    for (const { path, text } of found.leaves) texts.push({ seq, stepId, part: searched.part, path, text })
  }
  const bySeq = (seq: number) => events.find((event) => event.seq === seq) ?? null
  const created = events.find(({ type }) => type === "run.created")
  const completed = events.find(({ type }) => type === "run.completed")
  return {
    texts,
    in: created === undefined ? [] : leavesIn(inline(created)),
    out: completed === undefined ? [] : leavesIn(outputOf(completed, bySeq)),
    issueId,
  }
}

/** The event whose value is the output of a run that is complete; null: this one, or none. */
export function outputSeqOf({ type, payload }: Pick<RunEvent, "type" | "payload">): number | null {
  return type === "run.completed" ? (payload as EventPayloads["run.completed"]).outputSeq : null
}

function outputOf(completed: RunEvent, bySeq: (seq: number) => RunEvent | null): Json | undefined {
  const seq = outputSeqOf(completed)
  const event = seq === null ? completed : bySeq(seq)
  return event === null ? undefined : inline(event)
}

/** Undefined: none, or one that lies apart. */
export function inline(event: Pick<RunEvent, "type" | "payload">): Json | undefined {
  // Of a history that others wrote it may be missing.
  const brought = broughtValue(event) ?? null
  return brought !== null && "value" in brought ? brought.value : undefined
}

function leavesIn(value: Json | undefined): readonly Leaf[] {
  return value === undefined ? [] : pathLeaves(value).leaves
}

export function hasPhrase({ texts }: RunValues, phrase: Phrase): boolean {
  return phrase.words.length > 0 && texts.some(({ text }) => phraseAt(wordsOf(text), phrase) !== -1)
}
