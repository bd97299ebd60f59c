/** What must hold after any number of crashes (W1, quality of evidence): asked of the server and of the ledger. */

import type { Event } from "@waybill/contract"
import { expect } from "vitest"
import { readLedger } from "./ledger.ts"
import type { ServerProcess } from "./server-process.ts"

export async function expectNothingLost(
  server: ServerProcess,
  ledger: string,
  ended: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [runId, status] of ended) {
    const why = status === "COMPLETED" ? null : (await server.client.runs.get(runId)).error
    expect({ runId, status, why }).toEqual({ runId, status: "COMPLETED", why: null })
  }
  const succeeded = new Map<string, number>()
  for (const runId of ended.keys()) for (const event of await allEvents(server, runId)) noteSuccess(succeeded, event)
  const lines = readLedger(ledger)
  for (const line of lines) {
    const at = succeeded.get(line.stepId)
    // Written down before the success was decided, or it ran again after it had succeeded.
    if (at !== undefined && line.what === "begin")
      expect(line.at, `${line.stepId} began again after it had succeeded`).toBeLessThanOrEqual(at)
  }
  for (const stepId of succeeded.keys())
    expect(
      lines.some((line) => line.stepId === stepId && line.what === "end"),
      `${stepId} succeeded without having run`,
    ).toBe(true)
  await expectSound(server)
}

/** The invariants hold on the database as it is, and every chain of hashes. */
export async function expectSound(server: ServerProcess): Promise<void> {
  const fsck = await server.client.admin.fsck()
  expect(fsck.findings).toEqual([])
  const verify = await server.client.admin.verify()
  expect(verify.findings).toEqual([])
}

function noteSuccess(succeeded: Map<string, number>, event: Event): void {
  if (event.type !== "step.succeeded" || event.stepId === null) return
  expect(succeeded.has(event.stepId), `${event.stepId} succeeded twice`).toBe(false)
  succeeded.set(event.stepId, Date.parse(event.at))
}

async function allEvents(server: ServerProcess, runId: string): Promise<readonly Event[]> {
  const events: Event[] = []
  for (;;) {
    const page = await server.client.runs.events(runId, { after: events[events.length - 1]?.seq ?? 0, limit: 200 })
    events.push(...page.items)
    if (page.items.length < 200) return events
  }
}
