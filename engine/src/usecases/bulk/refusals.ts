/** Why runs would be refused, grouped: each reason with its number and a few of its runs. */
import type { BulkRefusal } from "../../door.ts"

const namedMax = 20

export class Refusals {
  readonly #groups = new Map<string, { code: string; message: string; count: number; runIds: string[] }>()
  #count = 0

  get count(): number {
    return this.#count
  }

  note(runId: string, why: { readonly code: string; readonly message: string } | null): void {
    if (why === null) return
    this.#count += 1
    const key = why.code === "run_not_found" ? why.code : `${why.code} ${why.message}`
    const group = this.#groups.get(key) ?? { ...why, count: 0, runIds: [] }
    this.#groups.set(key, group)
    group.count += 1
    if (group.runIds.length < namedMax) group.runIds.push(runId)
  }

  groups(): readonly BulkRefusal[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count)
  }
}
