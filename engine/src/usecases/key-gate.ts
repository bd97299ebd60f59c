/** Lets those with the same key in one after the other: the second finds what the first has stored. */
export class KeyGate {
  readonly #last = new Map<string, Promise<unknown>>()

  inTurn<T>(key: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const mine = before.then(act, act)
    this.#last.set(key, mine)
    const leave = (): void => {
      if (this.#last.get(key) === mine) this.#last.delete(key)
    }
    mine.then(leave, leave)
    return mine
  }
}
