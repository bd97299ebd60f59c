/** Choosing from a list by typing and by keys. */
import type { Look } from "../look.ts"

export type Choice = {
  readonly value: string
  readonly label: string
  /** At the end of the line: how many there are, or what it means. */
  readonly detail?: string
  /** A status has its mark. */
  readonly look?: Look
}

/** Those whose label or value has the words in it; those that begin with them first. */
export function matching(choices: readonly Choice[], words: string, choicesMax = 200): readonly Choice[] {
  const wanted = words.trim().toLowerCase()
  const rank = ({ label, value }: Choice) => {
    const [name, own] = [label.toLowerCase(), value.toLowerCase()]
    if (name.startsWith(wanted) || own.startsWith(wanted)) return 0
    return name.includes(wanted) || own.includes(wanted) ? 1 : 2
  }
  const ranked = choices.map((choice) => ({ choice, rank: rank(choice) })).filter((one) => one.rank < 2)
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, choicesMax)
    .map((one) => one.choice)
}

/** Where a key leads in a list that goes around; undefined when it is none of the list's. */
export function movedTo(key: string, at: number, count: number): number | undefined {
  if (count === 0) return undefined
  if (key === "ArrowDown") return (at + 1) % count
  if (key === "ArrowUp") return at <= 0 ? count - 1 : at - 1
  return undefined
}
