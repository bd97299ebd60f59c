/** What a failing seed looks like to whoever has to understand it. */
import type { Faults } from "./faults.ts"
import { shrink } from "./shrink.ts"
import type { SimulationResult } from "./simulation.ts"

const linesMax = 40

export async function explain(failed: SimulationResult): Promise<string> {
  const small = await shrink(failed)
  return [
    `seed ${failed.seed}: ${failed.problems[0]}`,
    `made small: ${small.problems[0]}`,
    `faults: ${JSON.stringify(enabled(small.faults))}`,
    `input: ${JSON.stringify(small.definitions.input)}`,
    ...small.definitions.documents.map((document) => JSON.stringify(document)),
    ...small
      .trace()
      .slice(-linesMax)
      .map((line) => `  ${line.slice(0, 300)}`),
  ].join("\n")
}

function enabled(faults: Faults): Partial<Faults> {
  return Object.fromEntries(Object.entries(faults).filter(([, value]) => value !== false && value !== 0))
}
