/** Virtual time: what is to happen, in order of its time and of its asking. Nothing here looks at a real clock. */

interface Planned {
  readonly at: number
  readonly order: number
  readonly run: () => void
  cancelled: boolean
}

export class Scheduler {
  now = 0
  readonly #heap: Planned[] = []
  #order = 0

  /** Calls `run` once, `delayMs` from now. Returns what cancels it. */
  after(delayMs: number, run: () => void): () => void {
    const planned = { at: this.now + Math.max(0, delayMs), order: this.#order++, run, cancelled: false }
    this.#push(planned)
    return () => {
      planned.cancelled = true
    }
  }

  /** When the next thing happens, or null. */
  get next(): number | null {
    while (this.#heap[0]?.cancelled) this.#pop()
    return this.#heap[0]?.at ?? null
  }

  /** Lets the next thing happen. False: there is nothing left. */
  step(): boolean {
    if (this.next === null) return false
    const planned = this.#pop()
    this.now = planned.at
    planned.run()
    return true
  }

  #push(planned: Planned): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(planned)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(planned, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = planned
  }

  #pop(): Planned {
    const heap = this.#heap
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return first
  }
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
