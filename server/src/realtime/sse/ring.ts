/**
 * The last events of one stream, shared by all its readers (rule 27). A reader keeps only its cursor, so a slow one
 * costs no memory: once the ring has moved past it, it reads the store again.
 */
export const RING_SIZE = 256

export class Ring<E> {
  /** Everything up to this id has left the ring, or was never in it. */
  floor: number
  private readonly ids: number[] = []
  private readonly entries: E[] = []
  private readonly size: number

  constructor(floor: number, size: number = RING_SIZE) {
    this.floor = floor
    this.size = size
  }

  /** Ids rise. */
  push(id: number, entry: E): void {
    this.ids.push(id)
    this.entries.push(entry)
    if (this.ids.length > this.size) {
      this.floor = this.ids.shift()!
      this.entries.shift()
    }
  }

  /** Nobody reads now: what passes by is not kept. */
  skipTo(id: number): void {
    this.ids.length = 0
    this.entries.length = 0
    this.floor = id
  }

  /** True when everything after `cursor` is here. */
  holds(cursor: number): boolean {
    return cursor >= this.floor
  }

  after(cursor: number): readonly E[] {
    const first = this.ids.findIndex((id) => id > cursor)
    return first === -1 ? [] : this.entries.slice(first)
  }
}
