/** "Did you mean": the nearest of the allowed words, or null when none is near. */
export function nearest(word: string, allowed: Iterable<string>): string | null {
  const asked = word.toLowerCase().slice(0, 64)
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(asked.length / 3)) + 1
  for (const candidate of allowed) {
    const distance = editDistance(asked, candidate.toLowerCase())
    // Of what is left most has to be the same: a word of one letter is near to every other.
    if (distance < bestDistance && distance * 2 < Math.max(asked.length, candidate.length)) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min(replace, last[j]! + 1, row[j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforeLast[j - 2]! + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
