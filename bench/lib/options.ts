/** What can be said to every bench: `--rounds 5`, `--scale 0.1` (a tenth of the load), `--peers` (the same asked of them). */
import { parseArgs } from "node:util"

export interface BenchOptions {
  readonly rounds: number
  readonly peers: boolean
  /** `count` at full scale, never less than one. */
  scaled(count: number): number
}

export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      scale: { type: "string", default: "1" },
      peers: { type: "boolean", default: false },
    },
    allowNegative: true,
  })
  const rounds = positive("--rounds", values.rounds)
  const scale = positive("--scale", values.scale)
  return {
    rounds: Math.ceil(rounds),
    peers: values.peers,
    scaled: (count) => Math.max(1, Math.round(count * scale)),
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new Error(`${name} wants a positive number, not ${text}`)
}
