import { type Keys, pointerOf } from "./json-path.ts"
import { membersOf } from "./json-rows.ts"

const HITS_MAX = 1000

export type JsonHits = {
  /** Pointers of what was found, in the order of the rows. */
  readonly hits: readonly string[]
  /** What must be open for the hits to be seen. */
  readonly above: ReadonlySet<string>
  readonly more: boolean
}

const none: JsonHits = { hits: [], above: new Set(), more: false }

/** Names and values that contain the words, whatever their case. */
export function searchJson(root: unknown, words: string): JsonHits {
  const wanted = words.trim().toLowerCase()
  if (wanted === "") return none
  const hits: string[] = []
  const above = new Set<string>()
  const todo: { keys: Keys; value: unknown }[] = [{ keys: [], value: root }]
  while (todo.length > 0) {
    const { keys, value } = todo.pop()!
    if (contains(keys, value, wanted)) {
      if (hits.length === HITS_MAX) return { hits, above, more: true }
      hits.push(pointerOf(keys))
      for (let depth = 0; depth < keys.length; depth++) above.add(pointerOf(keys.slice(0, depth)))
    }
    for (const [key, member] of membersOf(value).toReversed()) todo.push({ keys: [...keys, key], value: member })
  }
  return { hits, above, more: false }
}

function contains(keys: Keys, value: unknown, wanted: string): boolean {
  const name = keys.at(-1)
  if (typeof name === "string" && name.toLowerCase().includes(wanted)) return true
  return (typeof value !== "object" || value === null) && String(value).toLowerCase().includes(wanted)
}
