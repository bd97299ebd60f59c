/**
 * Which part of a proof is asked for: `npm run proof -- kills --from 101 --count 100`. A proof of so many cases numbers
 * them from 1; without a word all of them.
 */
export interface Piece {
  readonly from: number
  readonly count: number
}

export function pieceOf(full: number): Piece {
  const from = numberIn("PROOF_FROM", 1)
  const count = Math.min(numberIn("PROOF_COUNT", full), full - from + 1)
  if (count < 1) throw new Error(`there are ${full} cases, none from ${from} on`)
  return { from, count }
}

export function numbersOf({ from, count }: Piece): readonly number[] {
  return Array.from({ length: count }, (_, index) => from + index)
}

function numberIn(name: string, without: number): number {
  const text = process.env[name] ?? ""
  if (text === "") return without
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new Error(`${name} is ${text}, no number from 1 on`)
}
