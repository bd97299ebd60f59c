const PREFIX_MIN = 4

/** A hint is not worth looking at more: the names may be thousands, and so may the misspelt ones. */
const NAMES_MAX = 1_000

/** The nearest of some names to a misspelt one: case and separators first, then slips of the keyboard, then a shortened name. */
export function nearest(written: string, names: Iterable<string>): string | null {
  const all = [...names].slice(0, NAMES_MAX)
  return (
    nearestByLetters(written, all) ??
    all.find((name) => written.length >= PREFIX_MIN && name.toLowerCase().startsWith(written.toLowerCase())) ??
    null
  )
}

function nearestByLetters(written: string, names: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(written.length / 3)) + 1
  for (const name of names) {
    if (plain(name) === plain(written)) return name
    const distance = editDistance(written.toLowerCase(), name.toLowerCase(), bestDistance)
    // Of what is left most has to be the same: a name of one letter is near to every other.
    if (distance < bestDistance && distance * 2 < Math.max(written.length, name.length)) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

/** As a sentence for a hint, or undefined when nothing is near. */
export function didYouMean(written: string, names: Iterable<string>): string | undefined {
  const name = nearest(written, names)
  return name === null ? undefined : `Did you mean \`${name}\`?`
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")
}

/** Insertions, deletions, changes and swaps of neighbours; `limit` when it is not less. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 200) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let distance = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1)
      row.push(distance)
    }
    beforeLast = last
    last = row
  }
  return Math.min(last[b.length] ?? limit, limit)
}
