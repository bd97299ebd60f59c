/**
 * From the store to running again (rules 1, 5). First the index of open runs, which starts need; then the door opens;
 * then runs are looked at in groups, those that were executing first. A run that only waits is read and let go: its
 * timers and the outside wake it. A group is marked before it is touched: a run that is found marked took the process
 * down or stood beside one that did, is resumed alone, and is quarantined when that happens again.
 */
import type { RunState } from "../core/run/state.ts"
import type { Log } from "../ports/log.ts"
import type { ResumeMarks } from "../ports/resume-marks.ts"
import type { OpenRun, RunStore } from "../ports/store.ts"
import type { Concurrency } from "./concurrency.ts"

export interface RecoveryPorts {
  readonly store: RunStore
  readonly marks: ResumeMarks
  readonly concurrency: Concurrency
  readonly log: Log
  inspect(runId: string, use: (state: RunState | null) => void): void
  resume(state: RunState, done: () => void): void
  quarantine(runId: string, why: string): void
}

export interface RecoveryLimits {
  readonly pageSize: number
  readonly groupSize: number
  /** Found marked this often: not tried again. */
  readonly crashesMax: number
}

export const defaultRecoveryLimits: RecoveryLimits = { pageSize: 5_000, groupSize: 64, crashesMax: 2 }

/** The index of open runs: who holds which key, and how many there are. */
export async function readOpenRuns(ports: RecoveryPorts, limits: RecoveryLimits): Promise<OpenRun[]> {
  const all: OpenRun[] = []
  for (let after: string | null = null; ; ) {
    const page: readonly OpenRun[] = await ports.store.openRuns(after, limits.pageSize)
    for (const run of page) {
      all.push(run)
      if (run.concurrencyKey !== null && run.reason !== "concurrency") {
        ports.concurrency.restoreHolder(run.runId, run.workspaceId, run.workflowId, run.concurrencyKey)
      }
    }
    const last = page[page.length - 1]
    if (last === undefined || page.length < limits.pageSize) return all
    after = last.runId
  }
}

/** Answers how many runs were looked at. */
export async function recover(ports: RecoveryPorts, limits: RecoveryLimits, open: readonly OpenRun[]): Promise<number> {
  const marked = await ports.marks.read()
  const poison = await ports.marks.quarantined()
  for (const { runId } of open) if (poison.has(runId)) ports.quarantine(runId, poison.get(runId)!.why)
  const runs = open.filter((run) => mayNeedUs(run) && !poison.has(run.runId)).sort((a, b) => urgency(a) - urgency(b))
  const unmarked = runs.filter((run) => !marked.has(run.runId))
  for (let from = 0; from < unmarked.length; from += limits.groupSize) {
    await resumeGroup(ports, unmarked.slice(from, from + limits.groupSize))
  }
  for (const run of runs) {
    const crashes = marked.get(run.runId) ?? 0
    if (crashes === 0) continue
    if (crashes < limits.crashesMax) await resumeGroup(ports, [run])
    else ports.quarantine(run.runId, `the process ended ${crashes} times while it was resumed`)
  }
  const gone = [...marked.keys()].filter((runId) => !runs.some((run) => run.runId === runId))
  if (gone.length > 0) await ports.marks.clear(gone)
  return runs.length
}

async function resumeGroup(ports: RecoveryPorts, runs: readonly OpenRun[]): Promise<void> {
  const runIds = runs.map((run) => run.runId)
  await ports.marks.add(runIds)
  await Promise.all(runs.map((run) => resumeOne(ports, run)))
  await ports.marks.clear(runIds)
}

function resumeOne(ports: RecoveryPorts, run: OpenRun): Promise<void> {
  return new Promise((resolve) => {
    ports.inspect(run.runId, (state) => {
      if (state === null) {
        ports.log.write("error", "an open run cannot be read", { runId: run.runId })
        return resolve()
      }
      ports.resume(state, resolve)
    })
  })
}

/** Only listens are open in it (rule 13): nothing is owed by this process. */
function mayNeedUs(run: OpenRun): boolean {
  return run.status !== "WAITING_SIGNAL"
}

/** What was executing comes first; a long queue of waiting runs must not keep it. */
function urgency(run: OpenRun): number {
  if (run.status === "RUNNING") return run.reason === "timer" || run.reason === "child" ? 1 : 0
  return run.status === "PENDING" ? 1 : 2
}
