/** The port `RemarkStore` over the tables in memory. */
import type { Noted, Remark } from "../../core/remarks/remark.ts"
import type { Standing } from "../../core/remarks/standing.ts"
import type { Remarked, RemarkPage, RemarkStore, RemarkWrite, RemarkWritten } from "../../ports/remark-store.ts"
import type { MemoryTables } from "./tables.ts"

export class MemoryRemarks implements RemarkStore {
  readonly #tables: MemoryTables

  constructor(tables: MemoryTables) {
    this.#tables = tables
  }

  async append({ runId, remark, standing, answer }: RemarkWrite): Promise<RemarkWritten> {
    const { answers, remarks } = this.#tables
    const now = this.#tables.standingIn(runId)
    if (now === null || now.number !== standing.number - (remark === null ? 0 : 1)) return "stale"
    const key = answer === null ? "" : `${answer.scope}\n${answer.key}`
    if (answer !== null && this.#tables.isAnswered(key)) return "duplicate_key"
    if (answer !== null) answers.set(key, answer)
    if (remark === null) return "durable"
    const before = remarks.length
    this.#tables.addRemark(remark, standing)
    this.#tables.onRemarked(before)
    return "durable"
  }

  async standing(runId: string): Promise<Standing | null> {
    return this.#tables.standingIn(runId)
  }

  async remark(remarkId: string): Promise<Noted | null> {
    const found = this.#tables.remarks.find(({ remark }) => remark.remarkId === remarkId)
    return found === undefined ? null : this.#noted(found.remark)
  }

  async list(runId: string, { kinds, stepId, before, limit }: RemarkPage): Promise<readonly Noted[]> {
    return (this.#tables.runs.get(runId)?.remarks ?? [])
      .filter(({ number, body }) => {
        if (before !== null && number >= before) return false
        if (stepId !== null && (body.kind !== "note.added" || body.stepId !== stepId)) return false
        return kinds.length === 0 || kinds.includes(body.kind)
      })
      .sort((a, b) => b.number - a.number)
      .slice(0, limit)
      .map((remark) => this.#noted(remark))
  }

  newestKey(): number {
    return this.#tables.remarks.length
  }

  keyAt(position: number): number {
    return this.#tables.remarks.filter((one) => one.position < position).length
  }

  async since(key: number, limit: number): Promise<readonly Remarked[]> {
    return this.#since(key, limit)
  }

  onRemarked(listener: (remarked: readonly Remarked[]) => void): void {
    this.#tables.onRemarked = (from) => listener(this.#since(from, this.#tables.remarks.length))
  }

  #since(from: number, limit: number): Remarked[] {
    return this.#tables.remarks.slice(from, from + limit).map(({ remark, position }, index) => {
      const { workspaceId, workflowId, environment, status, seq } = this.#tables.runs.get(remark.runId)!.row
      return { key: from + index + 1, position, remark, workspaceId, workflowId, environment, status, seq }
    })
  }

  #noted(remark: Remark): Noted {
    const { remarks } = this.#tables.runs.get(remark.runId)!
    const withdrawal = remarks.find(({ body }) => body.kind === "note.withdrawn" && body.remarkId === remark.remarkId)
    const withdrawn = withdrawal === undefined ? null : { at: withdrawal.at, actor: withdrawal.actor }
    return { ...remark, withdrawn }
  }
}
