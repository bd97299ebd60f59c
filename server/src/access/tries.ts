/**
 * How often somebody has failed to sign in, by account and by address. Both are bounded in time and in number: an
 * account that is guessed at rests for a while, and one address cannot go through many accounts.
 */
const windowMs = 15 * 60_000
const rememberedMax = 10_000

interface Failed {
  count: number
  until: number
}

export class Tries {
  readonly #most: number
  readonly #now: () => number
  readonly #failed = new Map<string, Failed>()

  constructor(most: number, now: () => number) {
    this.#most = most
    this.#now = now
  }

  mayTry(who: string): boolean {
    const failed = this.#failed.get(who)
    return failed === undefined || failed.until <= this.#now() || failed.count < this.#most
  }

  /** Before it is known how it ends, so that many at once count too. */
  begin(who: string): void {
    const now = this.#now()
    const before = this.#failed.get(who)
    const isOver = before === undefined || before.until <= now
    const failed = isOver ? { count: 1, until: now + windowMs } : { ...before, count: before.count + 1 }
    this.#failed.delete(who)
    this.#failed.set(who, failed)
    if (this.#failed.size > rememberedMax) this.#failed.delete(this.#failed.keys().next().value!)
  }

  /** It went well after all. */
  forget(who: string): void {
    this.#failed.delete(who)
  }
}
