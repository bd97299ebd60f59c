/**
 * Counts what ended, behind the commits: slice by slice from the place that the store knows, each slice and the new
 * place in one transaction. A crash anywhere leaves a slice counted or not counted, never half or twice. It moves no run,
 * and between two slices others have their turn.
 */
import type { Clock } from "../ports/clock.ts"
import type { Log } from "../ports/log.ts"
import type { MeasureCursor, MeasureStore, SliceBounds } from "../ports/measure-store.ts"
import { Turns } from "./turns.ts"

export interface MeasureLoopPorts {
  readonly store: Pick<MeasureStore, "cursor" | "slice" | "add">
  readonly clock: Clock
  readonly log: Log
  /** The feed's newest position. */
  head(): number
  onError(error: unknown): void
}

export interface MeasureLimits {
  readonly slice: SliceBounds
  /** Between two looks at the feed: so late is a run counted, and so seldom is something stored under load. */
  readonly everyMs: number
  /** Between two slices while there is more to count. */
  readonly betweenMs: number
  /** After the store did not answer. */
  readonly pauseMs: number
  /** A place without anything to count is stored when it has moved so far: a restart looks at no more in vain. */
  readonly idlePositions: number
}

export const defaultMeasureLimits: MeasureLimits = {
  slice: { positions: 32_768, runs: 2_000, steps: 20_000 },
  everyMs: 1_000,
  betweenMs: 20,
  pauseMs: 5_000,
  idlePositions: 100_000,
}

export class MeasureLoop {
  readonly #ports: MeasureLoopPorts
  readonly #limits: MeasureLimits
  readonly #turns: Turns
  #stored: MeasureCursor | null = null
  /** Nothing to be counted lies between the store's place and this one. */
  #looked = 0

  constructor(ports: MeasureLoopPorts, limits: MeasureLimits = defaultMeasureLimits) {
    this.#ports = ports
    this.#limits = limits
    this.#turns = new Turns(ports.clock, () => this.#next())
  }

  start(): void {
    this.#turns.start()
  }

  /** Positions of the feed that were not looked at yet. */
  behind(): number {
    return Math.max(0, this.#ports.head() - this.#looked)
  }

  stop(): Promise<void> {
    return this.#turns.stop()
  }

  async #next(): Promise<number> {
    const { everyMs, betweenMs, pauseMs } = this.#limits
    try {
      return (await countSlice(this.#ports, this.#limits, this.#place())) === "more" ? betweenMs : everyMs
    } catch (error) {
      this.#stored = null
      this.#ports.onError(error)
      this.#ports.log.write("warn", "counting waits for the store")
      return this.#turns.isStopped ? everyMs : pauseMs
    }
  }

  #place(): Place {
    return {
      stored: this.#stored,
      looked: this.#looked,
      moved: (stored, looked) => {
        this.#stored = stored
        this.#looked = looked
      },
    }
  }
}

interface Place {
  readonly stored: MeasureCursor | null
  readonly looked: number
  readonly moved: (stored: MeasureCursor | null, looked: number) => void
}

/** One slice. `more`: the feed goes on behind it. */
async function countSlice(ports: MeasureLoopPorts, limits: MeasureLimits, place: Place): Promise<"more" | "done"> {
  // Somebody may have let counting begin anew.
  const stored = await ports.store.cursor()
  const isOurs = place.stored?.round === stored.round && place.stored.position === stored.position
  const looked = isOurs ? place.looked : stored.position
  place.moved(stored, looked)
  const head = ports.head()
  if (looked >= head) return "done"
  const slice = await ports.store.slice(looked, head, limits.slice)
  const isEmpty = slice.runs === 0 && slice.to - stored.position < limits.idlePositions
  if (isEmpty) place.moved(stored, slice.to)
  else if (await ports.store.add(slice, stored)) place.moved({ ...stored, position: slice.to }, slice.to)
  else place.moved(null, 0)
  return slice.to < head ? "more" : "done"
}
