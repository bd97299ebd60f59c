/** A run's standing held against the fold of its remarks, for `fsck`, and made again from them, for `rebuild`. */
import type { Remark } from "../../core/remarks/remark.ts"
import { applyRemark, type Standing, startStanding } from "../../core/remarks/standing.ts"
import type { RunRow } from "../../core/views/rows.ts"
import type { HistoryStore } from "../../ports/history-store.ts"

const remarksPerPage = 500

interface Folded {
  /** Null: nobody has said anything. */
  readonly standing: Standing | null
  /** Every tag the run had at any time. */
  readonly ever: readonly string[]
}

/** What is wrong with it, null when all is well. A live server may write meanwhile: then it is looked at again. */
export async function standingFinding(history: HistoryStore, runId: string, run: RunRow): Promise<string | null> {
  for (let tries = 0; ; tries++) {
    const stored = await history.standing(runId)
    const { standing } = await foldStanding(history, runId, run)
    if (same(stored, standing)) return null
    if (tries >= 5) return "its standing is not what its remarks fold to"
  }
}

/** True: it was another. */
export async function rebuildStanding(history: HistoryStore, runId: string, run: RunRow): Promise<boolean> {
  const { standing, ever } = await foldStanding(history, runId, run)
  if (same(await history.standing(runId), standing)) return false
  return history.replaceStanding(runId, standing, ever)
}

async function foldStanding(history: HistoryStore, runId: string, run: RunRow): Promise<Folded> {
  const start = startStanding(run)
  const ever = new Set(start.tags)
  let standing = start
  for await (const remark of everyRemark(history, runId)) {
    standing = applyRemark(standing, remark)
    if (remark.body.kind === "tags.changed") for (const tag of remark.body.add) ever.add(tag)
  }
  return { standing: standing.number === 0 ? null : standing, ever: [...ever] }
}

async function* everyRemark(history: HistoryStore, runId: string): AsyncGenerator<Remark> {
  for (let after = 0; ; ) {
    const page = await history.remarks(runId, after, remarksPerPage)
    yield* page
    if (page.length < remarksPerPage) return
    after = page[page.length - 1]!.number
  }
}

function same(a: Standing | null, b: Standing | null): boolean {
  return JSON.stringify(a && parts(a)) === JSON.stringify(b && parts(b))
}

function parts({ number, tags, owner, resolution, notes }: Standing): readonly unknown[] {
  const resolved = resolution && [resolution.state, resolution.reason, resolution.by, resolution.at, resolution.runId]
  return [number, tags, owner, resolved, notes]
}
