/** What people say beside a run. It never moves one. */
import type { RemarkAsked } from "../core/remarks/decide-remark.ts"
import type { Noted, Remark, RemarkOrigin } from "../core/remarks/remark.ts"
import type { Standing } from "../core/remarks/standing.ts"
import type { Actor } from "../core/run/commands.ts"
import type { Remarked, RemarkPage } from "../ports/remark-store.ts"
import type { Answer, IdempotencyHeader } from "./answer.ts"

export interface Said {
  /** Null: it was so already. */
  readonly remark: Remark | null
  /** Of the run, after it. */
  readonly standing: Standing
}

/** What people add beside a run: notes, tags, an owner, a resolution. It never moves a run. */
export interface Remarks {
  say(
    actor: Actor,
    runId: string,
    asked: RemarkAsked,
    origin: RemarkOrigin,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<Said>>
  /** Newest first. */
  list(runId: string, page: RemarkPage): Promise<readonly Noted[]>
  /** Of the newest remark in the store, 0 = none. */
  newestKey(): number
  /** After which everything is to be told to who has seen the feed up to a position; some of it may be known already. */
  keyAt(position: number): number
  /** Those of all runs with a higher key, oldest first. */
  since(key: number, limit: number): Promise<readonly Remarked[]>
  /** Live ones, each once it is durable; in order of their keys. */
  subscribe(listener: (remarked: readonly Remarked[]) => void): () => void
}
