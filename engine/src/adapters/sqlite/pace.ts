/**
 * How many of something go into one turn, so that a turn takes about so long whatever one of them costs: on a cold disk,
 * with many indexes, or with nothing to do for most of them. It only counts and times; what a turn does is its caller's.
 */

const atFirst = 20
const least = 5
const most = 1_000

export class Pace {
  readonly #turnMs: number
  readonly #now: () => number
  #runs = atFirst

  /** @param turnMs milliseconds a turn is meant to take; @param now milliseconds that only go forward */
  constructor(turnMs: number, now: () => number = () => performance.now()) {
    this.#turnMs = turnMs
    this.#now = now
  }

  /** For the next turn. */
  get runs(): number {
    return this.#runs
  }

  /**
   * More behind a turn that did all it might and was quick, fewer behind one that took too long. One that found little to
   * do says nothing of what many cost.
   * @param turn `isOver`: it takes too long already
   */
  timed<T extends { readonly runs: number }>(turn: (isOver: () => boolean) => T): T {
    const since = this.#now()
    const done = turn(() => this.#now() - since > this.#turnMs)
    const took = this.#now() - since
    if (took > this.#turnMs) this.#runs = Math.max(least, Math.floor(this.#runs * 0.75))
    else if (took < this.#turnMs / 2 && done.runs >= this.#runs)
      this.#runs = Math.min(most, Math.ceil(this.#runs * 1.5))
    return done
  }
}
