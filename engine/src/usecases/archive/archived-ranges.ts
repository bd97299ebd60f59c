/** When runs ended that lie in the archive, by workspace: few ranges, since batches follow each other. Kept in memory. */
import { joinEnds } from "../../core/views/archived-ends.ts"
import type { ArchivedEnds } from "../../core/views/run-term.ts"
import type { ArchiveBatch, ArchiveShelf } from "../../ports/archive-shelf.ts"

const batchesPerRead = 500

export class ArchivedRanges {
  readonly #ranges = new Map<string, ArchivedEnds[]>()

  static async open(shelf: Pick<ArchiveShelf, "kept">): Promise<ArchivedRanges> {
    const ranges = new ArchivedRanges()
    for (let after: ArchiveBatch | null = null; ; ) {
      const batches: readonly ArchiveBatch[] = await shelf.kept(after, batchesPerRead)
      for (const batch of batches) ranges.add(batch)
      if (batches.length < batchesPerRead) return ranges
      after = batches[batches.length - 1]!
    }
  }

  /** In the order of their runs' end. */
  add({ workspaceId, from, to, firstAt }: ArchiveBatch): void {
    const ranges = this.#ranges.get(workspaceId) ?? []
    this.#ranges.set(workspaceId, ranges)
    joinEnds(ranges, { behind: from.completedAt, first: firstAt, last: to.completedAt })
  }

  get isEmpty(): boolean {
    return this.#ranges.size === 0
  }

  /** Of a workspace, in order. */
  ends(workspaceId: string): readonly ArchivedEnds[] {
    return this.#ranges.get(workspaceId) ?? []
  }

  holds(workspaceId: string, completedAt: number | null): boolean {
    if (completedAt === null) return false
    const ranges = this.#ranges.get(workspaceId)
    return ranges?.some(({ from, to }) => completedAt >= from && completedAt <= to) ?? false
  }
}
