/**
 * Takes one run away before its time: out of its batch of the archive first, while its row says which that is, then out of
 * the store, under a seal. What was asked for is kept until it is done, so that a crash or an archive that is away delays it
 * and loses nothing. It never decides who may ask.
 */
import { ArchiveUnavailable, BatchAway } from "../../ports/archive-store.ts"
import type { AuditDraft } from "../../ports/audit-store.ts"
import type { Clock } from "../../ports/clock.ts"
import type { Log } from "../../ports/log.ts"
import type { ErasableRun, Erasure, RunEraser } from "../../ports/run-eraser.ts"
import type { Archiver } from "../archive/archiver.ts"

export interface EraseRunPorts {
  readonly eraser: RunEraser
  readonly archiver: Archiver
  readonly clock: Clock
  readonly log: Log
  /** Out of the memory of the runtime, and of the room of the archive. */
  forget(runId: string): Promise<void>
}

export interface Erased {
  /** Of its chain, which the seal keeps. */
  readonly seq: number
  readonly headHash: string
  /** Null: it is gone. Else why it is not yet: it is tried again with every purge. */
  readonly waits: string | null
  /** It was taken out of this batch; null: it did not lie in the archive. */
  readonly batchId: string | null
}

export type EraseAnswer =
  | { readonly kind: "erased"; readonly erased: Erased }
  | { readonly kind: "missing" }
  | { readonly kind: "unfinished" }

export type Intended =
  | { readonly kind: "intended"; readonly erasure: Erasure; readonly run: ErasableRun }
  | Extract<EraseAnswer, { readonly kind: "missing" | "unfinished" }>

/** From now on it is gone through with, whatever is under way and whatever happens to the process. */
export async function intendToErase(
  { eraser, clock }: Pick<EraseRunPorts, "eraser" | "clock">,
  workspaceId: string,
  runId: string,
  audit: AuditDraft,
): Promise<Intended> {
  const run = await eraser.find(workspaceId, runId)
  if (run === null) return { kind: "missing" }
  if (!run.isFinished) return { kind: "unfinished" }
  // Asked for twice, it is the first that is gone through with: its time is part of what the batch becomes.
  return { kind: "intended", run, erasure: await eraser.intend({ runId, workspaceId, at: clock.now(), audit }) }
}

/**
 * All that was asked for and is not done: after a crash, or once the archive is back. One that cannot be done holds up no
 * other; while the archive does not answer, each would wait as long for it, and all wait for the next time.
 */
export async function eraseWhatWaits(ports: EraseRunPorts, workspaceId: string): Promise<void> {
  let page = await ports.eraser.pending(workspaceId)
  for (; page.length > 0; page = await ports.eraser.pending(workspaceId, page.at(-1)))
    for (const erasure of page)
      try {
        await takeAway(ports, erasure)
      } catch (error) {
        waits(ports, erasure, error)
        if (error instanceof ArchiveUnavailable && !(error instanceof BatchAway)) return
      }
  await ports.archiver.clear(workspaceId)
}

/** What was done meanwhile is done. */
export async function goThrough(ports: EraseRunPorts, erasure: Erasure): Promise<Pick<Erased, "waits" | "batchId">> {
  const { workspaceId } = erasure
  try {
    const batch = await takeAway(ports, erasure)
    await ports.archiver.clear(workspaceId)
    // Whatever else of the workspace waits for the archive is no matter of a run that does not lie there.
    const waits = batch === null ? null : (ports.archiver.waits(workspaceId)?.reason ?? null)
    return { waits, batchId: batch?.batchId ?? null }
  } catch (error) {
    return { waits: waits(ports, erasure, error), batchId: null }
  }
}

async function takeAway({ archiver, eraser, clock, forget }: EraseRunPorts, erasure: Erasure) {
  const { runId, workspaceId, at } = erasure
  const batch = await archiver.takeOut(workspaceId, runId, at)
  for (let isDone = false; !isDone; ) isDone = (await eraser.clear(erasure, clock.now())).isDone
  await forget(runId)
  return batch
}

function waits({ log }: EraseRunPorts, { runId }: Erasure, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  log.write("warn", "a run that was to be erased is there still: it is tried again", { runId, reason })
  return reason
}
