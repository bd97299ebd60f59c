/** From what was filled in to the request that starts a run. */
import type { Json, StartRun } from "@waybill/contract"
import { tagsOf } from "../../parts/tags-of.ts"

export interface StartDraft {
  /** Null: the newest at the time it is sent. */
  readonly version: number | null
  readonly businessEventId: string
  /** As it was typed, parted by commas. */
  readonly tags: string
  readonly startPaused: boolean
}

export const emptyDraft: StartDraft = { version: null, businessEventId: "", tags: "", startPaused: false }

export function startRequest(
  { workflowId, env, input }: { readonly workflowId: string; readonly env: string; readonly input: Json },
  draft: StartDraft,
): StartRun {
  const tags = tagsOf(draft.tags)
  return {
    workflowId,
    environment: env,
    input,
    ...(draft.version !== null && { version: draft.version }),
    ...(draft.businessEventId.trim() !== "" && { businessEventId: draft.businessEventId.trim() }),
    ...(tags.length > 0 && { tags: [...tags] }),
    ...(draft.startPaused && { startPaused: true }),
  }
}
