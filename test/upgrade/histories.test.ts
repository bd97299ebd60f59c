/** Histories of every release, folded by this one (rule 2). What is recorded in `histories/` never changes. */
import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { decodeEvent, eventTypes } from "../../engine/src/core/run/decode-event.ts"
import { decodeState, encodeState, snapshotCodec } from "../../engine/src/core/run/snapshot.ts"
import { RowFold } from "../../engine/src/core/views/fold.ts"
import {
  type KnownFields,
  type Meaning,
  meaningOf,
  type StoredLine,
} from "../../engine/src/testing/upgrade/history-meaning.ts"

interface Expected {
  readonly release: string
  readonly fields: KnownFields
  readonly runs: { readonly [run: string]: Meaning }
}

const folder = new URL("./histories/", import.meta.url)
const releases = readdirSync(folder).sort()

function read(release: string): { readonly expected: Expected; readonly runs: ReadonlyMap<string, StoredLine[]> } {
  const expected = JSON.parse(readFileSync(new URL(`${release}/expected.json`, folder), "utf8")) as Expected
  const runs = new Map<string, StoredLine[]>()
  for (const text of readFileSync(new URL(`${release}/events.ndjson`, folder), "utf8")
    .split("\n")
    .filter(Boolean)) {
    const line = JSON.parse(text) as StoredLine
    runs.set(line.run, [...(runs.get(line.run) ?? []), line])
  }
  return { expected, runs }
}

const accepted = "a history may not come to mean something else: give the event a higher version and an upcaster"
const otherText =
  "the same state is written in another way: raise snapshotCodec, then `node --import tsx scripts/record-histories.mts --codec`"

describe.each(releases)("histories of release %s", (release) => {
  const { expected, runs } = read(release)

  test("mean what they meant: rows, what is owed, and the context after each event", () => {
    expect([...runs.keys()]).toEqual(Object.keys(expected.runs))
    for (const [run, lines] of runs) {
      const { events, meaning, end } = meaningOf(run, lines, expected.fields)
      expect({ events, end }, `${run}: ${accepted}`).toEqual({
        events: expected.runs[run]!.events,
        end: expected.runs[run]!.end,
      })
      expect(meaning, `${run}: ${accepted}`).toBe(expected.runs[run]!.meaning)
    }
  })

  test("fold to the states that their snapshots hold, unless snapshots have another codec by now", () => {
    for (const [run, lines] of runs) {
      const { state } = meaningOf(run, lines, expected.fields)
      expect(expected.runs[run]!.state.codec, otherText).toBe(snapshotCodec)
      expect(state.hash, `${run}: ${otherText}`).toBe(expected.runs[run]!.state.hash)
    }
  })

  test("go on from a snapshot in their middle as from their beginning", () => {
    for (const [run, lines] of runs) {
      const fold = new RowFold(run)
      for (const line of lines) {
        const decoded = decodeEvent({ ...line, payload: JSON.stringify(line.payload) })
        if (!decoded.ok) throw new Error(decoded.why)
        fold.apply(decoded.event)
        const text = encodeState(fold.state)
        expect(encodeState(decodeState(text)), `${run} @${line.seq}`).toBe(text)
      }
    }
  })
})

test("the newest release's histories have every event that it can write", () => {
  const newest = read(releases[releases.length - 1]!)
  const recorded = new Set([...newest.runs.values()].flat().map(({ type }) => type))
  // Read, and written by no decision yet.
  const unwritten = ["approval.delegated", "approval.superseded"]
  expect(eventTypes.filter((type) => !recorded.has(type))).toEqual(unwritten)
})
