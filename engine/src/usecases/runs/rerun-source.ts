/**
 * The run that is run again, wherever its history lies: in the store, or in the archive, out of which it is read as a
 * whole. A run of the archive is not brought back to life: no actor of it is made, and nothing is written.
 */
import type { EncodedEvent } from "../../core/run/chain.ts"
import type { RunCreated, RunEvent } from "../../core/run/events.ts"
import { ArchiveDamaged, ArchiveUnavailable } from "../../ports/archive-store.ts"
import type { RunStore } from "../../ports/store.ts"
import { expiredText } from "../../runtime/decision-maker.ts"
import { decodeEvent } from "../../runtime/run-loader.ts"
import type { RunUseCasePorts } from "./ports.ts"
import { no } from "./refusal.ts"

export type RunHistoryReads = Pick<RunStore, "load" | "blobs">

export interface RerunSource {
  readonly created: RunCreated
  readonly finished: boolean
  readonly history: RunHistoryReads
}

type Refusal = ReturnType<typeof no>

export async function rerunSource(
  ports: RunUseCasePorts,
  runId: string,
): Promise<{ readonly ok: true; readonly source: RerunSource } | Refusal> {
  const archived = await fromArchive(ports, runId)
  if (archived !== null) return archived
  const history = ports.runtime.ports.store
  const source = await ports.runtime.inspect(runId, (state) =>
    state === null ? null : { created: state.created, finished: state.terminal !== null, history },
  )
  if (source !== null) return { ok: true, source }
  if (await ports.hasRun(runId)) return no("evidence_expired", expiredText(runId))
  return no("run_not_found", `there is no run ${runId}`)
}

/** What is archived has ended, and does not change. */
async function fromArchive({ archived, runtime }: RunUseCasePorts, runId: string) {
  try {
    const events = (await archived?.(runId)) ?? null
    if (events === null) return null
    const first: RunEvent = decodeEvent(events[0]!)
    if (first.type !== "run.created") return null
    const source = { created: first.payload, finished: true, history: readsOf(runtime.ports.store, runId, events) }
    return { ok: true as const, source }
  } catch (error) {
    if (error instanceof ArchiveUnavailable) return no("archive_unavailable", error.message)
    if (error instanceof ArchiveDamaged) return no("archive_damaged", error.message)
    throw error
  }
}

function readsOf(store: RunStore, runId: string, events: readonly EncodedEvent[]): RunHistoryReads {
  const last = events[events.length - 1]!
  return {
    load: async () => ({ runId, snapshot: null, events, seq: last.seq, headHash: last.hash }),
    blobs: (hashes) => store.blobs(hashes),
  }
}
