/** Which fields and items of one value some schema has described: what `unevaluatedProperties` and `unevaluatedItems` ask. */
export class Seen {
  readonly #fields = new Set<string>()
  readonly #items = new Set<number>()
  #allFields = false
  /** All items before this one. */
  #itemsTo = 0

  field(name: string): void {
    this.#fields.add(name)
  }

  allFields(): void {
    this.#allFields = true
  }

  item(index: number): void {
    this.#items.add(index)
  }

  itemsTo(count: number): void {
    this.#itemsTo = Math.max(this.#itemsTo, count)
  }

  hasField(name: string): boolean {
    return this.#allFields || this.#fields.has(name)
  }

  hasItem(index: number): boolean {
    return index < this.#itemsTo || this.#items.has(index)
  }

  /** What another schema described of the same value. */
  add(other: Seen): void {
    if (other.#allFields) this.#allFields = true
    for (const name of other.#fields) this.#fields.add(name)
    for (const index of other.#items) this.#items.add(index)
    this.itemsTo(other.#itemsTo)
  }
}
