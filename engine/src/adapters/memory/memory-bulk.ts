/** The port `BulkStore` in memory. */
import type { BulkItemRow, BulkItemState, BulkResult, BulkRow, BulkState, BulkStore } from "../../ports/bulk-store.ts"

export class MemoryBulk implements BulkStore {
  readonly #rows = new Map<string, BulkRow>()
  readonly #items = new Map<string, BulkItemRow[]>()

  async create(row: BulkRow): Promise<boolean> {
    if (row.requestKey !== null && (await this.findByKey(row.requestKey)) !== null) return false
    this.#rows.set(row.bulkId, row)
    this.#items.set(row.bulkId, [])
    return true
  }

  async add(bulkId: string, runIds: readonly string[]): Promise<void> {
    const items = this.#items.get(bulkId)!
    for (const runId of runIds)
      items.push({ number: items.length + 1, runId, state: "waiting", code: null, message: null, newRunId: null })
    this.#rows.set(bulkId, { ...this.#rows.get(bulkId)!, total: items.length })
  }

  async move(bulkId: string, from: readonly BulkState[], to: BulkState, at: number): Promise<BulkRow | null> {
    const row = this.#rows.get(bulkId)
    if (row === undefined || !from.includes(row.state)) return null
    const moved = { ...row, state: to, completedAt: to === "done" || to === "aborted" ? at : null }
    this.#rows.set(bulkId, moved)
    return moved
  }

  async settle(bulkId: string, results: readonly BulkResult[], at: number): Promise<void> {
    const items = this.#items.get(bulkId)!
    for (const result of results) {
      const item = items[result.number - 1]!
      if (item.state === "waiting") items[result.number - 1] = { ...item, ...result }
    }
    const of = (state: BulkItemState) => items.filter((item) => item.state === state).length
    const row = { ...this.#rows.get(bulkId)!, done: of("done"), refused: of("refused") }
    const isOver = of("waiting") === 0 && (row.state === "running" || row.state === "paused")
    this.#rows.set(bulkId, isOver ? { ...row, state: "done", completedAt: at } : row)
  }

  async find(bulkId: string): Promise<BulkRow | null> {
    return this.#rows.get(bulkId) ?? null
  }

  async findByKey(requestKey: string): Promise<BulkRow | null> {
    return [...this.#rows.values()].find((row) => row.requestKey === requestKey) ?? null
  }

  async list(workspaceId: string, before: string | null, limit: number): Promise<readonly BulkRow[]> {
    return [...this.#rows.values()]
      .filter((row) => row.workspaceId === workspaceId && row.state !== "freezing")
      .filter((row) => before === null || row.bulkId < before)
      .sort((a, b) => (a.bulkId < b.bulkId ? 1 : -1))
      .slice(0, limit)
  }

  async running(after: string, limit: number): Promise<readonly BulkRow[]> {
    const running = [...this.#rows.values()].filter((row) => row.state === "running")
    const turnOf = (row: BulkRow) =>
      running.filter((one) => one.workspaceId === row.workspaceId && one.bulkId < row.bulkId).length
    const order = (a: BulkRow, b: BulkRow) =>
      turnOf(a) - turnOf(b) ||
      Number(a.workspaceId <= after) - Number(b.workspaceId <= after) ||
      (a.workspaceId < b.workspaceId ? -1 : 1)
    return running.sort(order).slice(0, limit)
  }

  async items(
    bulkId: string,
    state: BulkItemState | null,
    after: number,
    limit: number,
  ): Promise<readonly BulkItemRow[]> {
    const items = this.#items.get(bulkId) ?? []
    return items.filter((item) => item.number > after && (state === null || item.state === state)).slice(0, limit)
  }

  async discard(bulkId: string): Promise<void> {
    if (this.#rows.get(bulkId)?.state !== "freezing") return
    this.#rows.delete(bulkId)
    this.#items.delete(bulkId)
  }

  async forgetFreezing(): Promise<void> {
    for (const bulkId of [...this.#rows.keys()]) await this.discard(bulkId)
  }
}
