/**
 * Fills a workspace with a history as it might have been: workflows with versions, runs that end well, badly, late or not
 * yet, retries, approvals, signals and re-runs. Everything goes the way of real runs, through `decide` and the store, so
 * that nothing tells them apart afterwards; the same seed gives the same history, to the last hash.
 */
import { Random } from "../../core/random.ts"
import type { RunStatus } from "../../core/run/state.ts"
import type { RunCommit, RunStore } from "../../ports/store.ts"
import { arrivals } from "./arrivals.ts"
import { HistoryMaker, type MakerPorts, type MakerRequest } from "./history-maker.ts"
import { type StoryPorts, saveStories } from "./save-stories.ts"
import { stories as allStories } from "./stories/index.ts"
import type { Story } from "./story.ts"

export interface SeedPorts extends StoryPorts, MakerPorts {
  readonly store: RunStore
}

export interface SeedRequest extends MakerRequest {
  readonly runs: number
  /** The beginning of the period, in milliseconds since the epoch; its end is not in it. */
  readonly from: number
  /** Whose runs they are; absent: those of all stories there are. */
  readonly stories?: readonly Story[]
}

export interface SeededHistory {
  readonly runs: number
  readonly events: number
  readonly byStatus: { readonly [status in RunStatus]?: number }
  readonly workflows: number
}

/** The store took nothing of a batch; those before it are there. */
export class SeedRefused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = "SeedRefused"
    this.code = code
  }
}

/** Events of one commit: one sync for many runs, and a bound for what is held in memory. */
const batchEvents = 20_000

export async function seedHistory(
  ports: SeedPorts,
  request: SeedRequest,
  progress: (runs: number) => void = () => {},
): Promise<SeededHistory> {
  const { runs, seed, from, until, stories = allStories } = request
  const saved = await saveStories(ports, stories, from, until)
  const maker = new HistoryMaker(ports, request, stories, saved, await ports.store.executionNumbers())
  const times = arrivals(new Random(seed, 1), runs, from, until)
  const counts = { runs: 0, events: 0, byStatus: {} as { [status in RunStatus]?: number } }
  let batch: RunCommit[] = []
  let waiting = 0
  const flush = async () => {
    if (batch.length === 0) return
    await store(ports.store, batch)
    for (const { run, events } of batch) {
      counts.runs++
      counts.events += events.length
      counts.byStatus[run.status] = (counts.byStatus[run.status] ?? 0) + 1
    }
    batch = []
    waiting = 0
    progress(counts.runs)
  }
  for (const at of times) {
    const again = maker.dueAgain(at)
    const commit = again ?? maker.run(at)
    batch.push(commit)
    waiting += commit.events.length
    if (waiting >= batchEvents) await flush()
  }
  await flush()
  return { ...counts, workflows: stories.length }
}

async function store(into: RunStore, batch: readonly RunCommit[]): Promise<void> {
  const outcome = await into.commit(batch)
  if (outcome.kind === "durable") return
  const code = outcome.kind === "refused" ? outcome.code : "unknown"
  throw new SeedRefused(code, outcome.message)
}
