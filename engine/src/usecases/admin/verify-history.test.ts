/** The chain of a run that goes on while it is looked at, and of one that somebody changed meanwhile. */
import { expect, test } from "vitest"
import type { HistoryStore, RawEvent } from "../../ports/history-store.ts"
import { hexSha256, operationsRun } from "../../testing/builders/run-history.ts"
import { verifyHistory } from "./verify-history.ts"

const commits = operationsRun("run_1", 1_000, 2)
const events = commits.flatMap((commit) => commit.events) as readonly RawEvent[]
const rowAt = (seq: number) => ({ run: { seq, headHash: events[seq - 1]!.hash } })

/** `rows`: what each look at the run's row finds, the last one from then on. */
function historyOf(shown: readonly RawEvent[], rows: readonly number[]): HistoryStore {
  let looks = 0
  return {
    runIds: async (after: string | null) => (after === null ? ["run_1"] : []),
    rawEvents: async (_runId: string, after: number) => shown.filter((event) => event.seq > after),
    rows: async () => rowAt(rows[Math.min(looks++, rows.length - 1)]!),
    leftOf: async () => null,
    workspaceHeads: async () => [],
  } as unknown as HistoryStore
}

const findings = async (shown: readonly RawEvent[], rows: readonly number[]) =>
  (await verifyHistory(historyOf(shown, rows), null, hexSha256)({ runId: null, head: null })).findings

test("a run that moves on between two looks is intact", async () => {
  expect(await findings(events, [3, events.length])).toEqual([])
})

test("a run whose last events are gone is not", async () => {
  expect(await findings(events.slice(0, 4), [events.length])).toMatchObject([{ what: "cut_tail", seq: 4 }])
})

test("a run to which somebody gave events is not", async () => {
  expect(await findings(events, [3])).toMatchObject([{ what: "cut_tail", seq: events.length }])
})
