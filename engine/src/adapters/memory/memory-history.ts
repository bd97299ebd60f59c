/** The port `HistoryStore` over the tables in memory. Nothing here outlives the process, so there is no backup. */
import type { StoredRows } from "../../core/audit/index.ts"
import type { Remark } from "../../core/remarks/remark.ts"
import type { Standing } from "../../core/remarks/standing.ts"
import { type HexSha256, sealRun } from "../../core/run/chain.ts"
import type { Rows } from "../../core/views/projection.ts"
import type { CountAdrift, HistoryStore, RawEvent, WorkspaceHead } from "../../ports/history-store.ts"
import type { MemoryTables } from "./tables.ts"

export class MemoryHistory implements HistoryStore {
  readonly #tables: MemoryTables
  readonly #sha256: HexSha256

  constructor(tables: MemoryTables, sha256: HexSha256) {
    this.#tables = tables
    this.#sha256 = sha256
  }

  async runIds(after: string | null, limit: number): Promise<readonly string[]> {
    const ids = [...this.#tables.runs.keys()].filter((runId) => after === null || runId > after)
    return ids.sort().slice(0, limit)
  }

  async rawEvents(runId: string, after: number, limit: number): Promise<readonly RawEvent[]> {
    const events = this.#tables.runs.get(runId)?.events ?? []
    return events
      .map(({ event }) => event)
      .filter((event) => event.seq > after)
      .slice(0, limit)
  }

  async rows(runId: string): Promise<StoredRows | null> {
    const run = this.#tables.runs.get(runId)
    if (run === undefined) return null
    const approvals = [...this.#tables.approvals.values()].filter((row) => row.runId === runId)
    const timers = [...this.#tables.timers.values()].filter((row) => row.runId === runId)
    return {
      run: run.row,
      steps: [...run.steps.values()].sort((a, b) => a.firstSeq - b.firstSeq),
      approvals: approvals.sort((a, b) => a.requestedSeq - b.requestedSeq || (a.approvalId < b.approvalId ? -1 : 1)),
      signals: [...run.signals.values()].sort((a, b) => a.receivedSeq - b.receivedSeq),
      timers: timers.sort((a, b) => a.dueAt - b.dueAt || (a.timerId < b.timerId ? -1 : 1)),
    }
  }

  /** Nothing is kept counted here. */
  async countsAdrift(): Promise<readonly CountAdrift[]> {
    return []
  }

  async mendCounts(): Promise<void> {}

  async replaceRows(runId: string, rows: Rows): Promise<void> {
    const run = this.#tables.runs.get(runId)
    const seq = run?.events.at(-1)?.event.seq
    if (run === undefined || seq === undefined) throw new Error(`run ${runId} has no events`)
    if (seq !== rows.run.seq) throw new Error(`run ${runId} stands at seq ${seq}, its new rows at ${rows.run.seq}`)
    run.row = rows.run
    run.steps.clear()
    for (const row of rows.steps) run.steps.set(row.firstSeq, row)
    run.signals.clear()
    for (const row of rows.signals) run.signals.set(`${row.name}\n${row.signalId}`, row)
    for (const [id, row] of this.#tables.approvals) if (row.runId === runId) this.#tables.approvals.delete(id)
    for (const row of rows.approvals) this.#tables.approvals.set(row.approvalId, row)
    for (const [id, row] of this.#tables.timers) if (row.runId === runId) this.#tables.timers.delete(id)
    for (const row of rows.timersSet) this.#tables.timers.set(`${runId}\n${row.timerId}`, row)
  }

  /** Nothing is ever cleared away here. */
  async leftOf(): Promise<null> {
    return null
  }

  async valuesWent(): Promise<null> {
    return null
  }

  async remarks(runId: string, after: number, limit: number): Promise<readonly Remark[]> {
    return (this.#tables.runs.get(runId)?.remarks ?? []).filter((one) => one.number > after).slice(0, limit)
  }

  async standing(runId: string): Promise<Standing | null> {
    return this.#tables.runs.get(runId)?.standing ?? null
  }

  async replaceStanding(runId: string, standing: Standing | null): Promise<boolean> {
    const run = this.#tables.runs.get(runId)!
    if (run.remarks.length !== (standing?.number ?? 0)) return false
    run.standing = standing
    return true
  }

  async workspaceHeads(
    after: { readonly workspaceId: string; readonly number: number } | null,
    limit: number,
  ): Promise<readonly WorkspaceHead[]> {
    const all = [...this.#tables.heads].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, heads]) => heads)
    const isBehind = (head: WorkspaceHead) =>
      after === null ||
      head.workspaceId > after.workspaceId ||
      (head.workspaceId === after.workspaceId && head.number > after.number)
    return all.filter(isBehind).slice(0, limit)
  }

  workspaceHeadHash(head: Omit<WorkspaceHead, "hash">): string {
    const run = { workspaceId: head.workspaceId, runId: head.runId, seq: head.runSeq, headHash: head.runHead }
    return sealRun(this.#sha256, { number: head.number - 1, hash: head.prevHash }, run).hash
  }

  async backup(): Promise<never> {
    throw new Error("a store in memory has no backup")
  }

  async resumeDispatch(): Promise<boolean> {
    return false
  }
}
