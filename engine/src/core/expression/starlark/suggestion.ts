/** "Did you mean": the names nearest to a misspelt one. */
const NAMES_SHOWN_MAX = 5
const NAMES_COMPARED_MAX = 500

/** Nearest first; with nothing near, the first few names there are. */
export function nearestNames(wanted: string, names: Iterable<string>): string[] {
  const candidates: { name: string; distance: number }[] = []
  for (const name of names) {
    if (candidates.length >= NAMES_COMPARED_MAX) break
    candidates.push({ name, distance: distance(wanted.toLowerCase(), name.toLowerCase()) })
  }
  candidates.sort((left, right) => left.distance - right.distance)
  return [...new Set(candidates.map((candidate) => candidate.name))].slice(0, NAMES_SHOWN_MAX)
}

/** The nearest name when it is near enough to be meant. */
export function likelyName(wanted: string, names: Iterable<string>): string | undefined {
  const [nearest] = nearestNames(wanted, names)
  if (nearest === undefined) return undefined
  const bound = Math.max(1, Math.floor(wanted.length / 3))
  return distance(wanted.toLowerCase(), nearest.toLowerCase()) <= bound ? nearest : undefined
}

const LENGTH_MAX = 64

/** Edits (insert, delete, replace) between two words, on their first 64 characters. */
function distance(left: string, right: string): number {
  const a = left.slice(0, LENGTH_MAX)
  const b = right.slice(0, LENGTH_MAX)
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
