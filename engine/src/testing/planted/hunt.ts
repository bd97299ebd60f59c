/** The entry of a bundle, with a planted bug or none: says at which seed the simulator finds something wrong. */
import { simulate } from "../simulator/simulation.ts"

const [from = "1", count = "1000"] = process.argv.slice(2)

// A broken engine may leave promises that nobody waits for.
process.on("unhandledRejection", (error) => found(0, `unhandled: ${String(error)}`))

const seen: Record<string, number> = {}
let runs = 0
let compared = 0

function found(seed: number, problem: string): never {
  console.log(JSON.stringify({ seed, problem }))
  process.exit(0)
}

for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
  const problem = await simulate({ seed }).then(
    (result) => {
      for (const [what, times] of result.seen) seen[what] = (seen[what] ?? 0) + times
      runs += result.runs
      compared += result.compared
      return result.problems[0]
    },
    (error: unknown) => `the simulation broke: ${error instanceof Error ? error.message : String(error)}`,
  )
  if (problem !== undefined) found(seed, problem)
}
const { user, system } = process.cpuUsage()
const seconds = { passed: performance.now() / 1_000, ofCpu: (user + system) / 1e6 }
console.log(JSON.stringify({ seed: null, problem: null, tally: { runs, compared, seen, seconds } }))
