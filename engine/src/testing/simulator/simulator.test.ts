import { describe, expect, test } from "vitest"
import { plantedBugs } from "../planted/bugs.ts"
import { hunt, plant } from "../planted/hunt-bug.ts"
import { noFaults } from "./faults.ts"
import { wideForeach } from "./random-definition.ts"
import { explain } from "./report.ts"
import { simulate } from "./simulation.ts"

const seeds = 2_000

const overItsShare = "a run that has used up its share of a commit lets others go first"

/** What has to have come up in these seeds, or they prove nothing about it. */
const races = [
  "the process dies",
  "the process dies again while it recovers",
  "crash: the commit on its way had landed",
  "crash: the commit on its way is lost",
  "unknown commit that happened",
  "unknown commit that did not happen",
  "refused commit: disk_full",
  "refused commit: busy",
  "refused commit: constraint",
  "group commit of several runs",
  overItsShare,
  "an asker hears nothing and asks again",
  "a start is answered a second time",
  "a run is loaded from a snapshot",
  "a long tail is read in pages",
  "large values are loaded",
  "idle runs leave memory",
  "memory is compared with the fold",
  "a host dies with its tasks",
  "a task takes its host along",
  "a host never answers",
  "a host never answers a cancel",
  "an agent ends in the grace of a cancel",
  "an agent is missing for a while",
  "step.agent_missing",
  "step.agent_found",
  "an attempt runs into its deadline",
  "a result comes under an old fence",
  "the clock jumps forwards",
  "the clock jumps back",
  "a signal is taken in",
  "a signal is sent a second time",
  "signal: run_cancelling",
  "a run is paused",
  "a run is resumed",
  "a run is cancelled",
  "a run is cancelled by force",
  "a retry is hurried",
  "decided: approve",
  "decided: reject",
  "decided: revise",
  "decide: approval_closed",
  "decide: already_voted",
  "decide: not_an_approver",
  "decide: self_approval",
  "a child run ended",
  "a foreach's condition fails while items run",
  "ended COMPLETED",
  "ended FAILED",
  "ended CANCELLED",
  "ended TIMED_OUT",
]

describe("the whole engine in a hostile world", () => {
  test(`${seeds} seeds break no invariant, and every run ends as the naive interpreter says`, {
    timeout: 600_000,
  }, async () => {
    const { seed, problem, tally } = await hunt(null, { from: 1, count: seeds })
    if (seed !== null && seed > 0) expect.fail(await explain(await simulate({ seed })))
    if (tally === undefined) expect.fail(problem ?? "the seeds did not end")
    const { runs, compared, seen, seconds } = tally
    const rate = (per: number) => Math.round(seeds / per)
    console.log(
      `${seeds} seeds, ${runs} runs, ${compared} compared: ${rate(seconds.passed)} seeds a second, ${rate(seconds.ofCpu)} a CPU second`,
    )
    expect(races.filter((race) => seen[race] === undefined)).toEqual([])
    expect(compared / runs).toBeGreaterThan(0.7)
  })

  test("a run with more than its share of a commit ends, alone or not, also when what it let pass is refused", async () => {
    const documents = [{ id: "big", states: [wideForeach()] }]
    for (let seed = 1; seed <= 40; seed++) {
      const faults = { ...noFaults, bursts: true, refused: seed % 2 === 0 ? 0.3 : 0 }
      const { problems, seen } = await simulate({ seed, faults, definitions: { documents, input: {} } })
      expect(problems, `seed ${seed}`).toEqual([])
      expect(seen.get(overItsShare), `seed ${seed}`).toBeGreaterThan(0)
    }
  })

  test("the same seed gives the same trace, event by event", { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const first = await simulate({ seed })
      const second = await simulate({ seed })
      expect(second.traceHash, `seed ${seed}`).toBe(first.traceHash)
      expect(first.trace().length).toBeGreaterThan(0)
    }
  })
})

describe("planted bugs", () => {
  test("there are at least twenty, and each still has its place in the source", () => {
    expect(plantedBugs.length).toBeGreaterThanOrEqual(20)
    expect(new Set(plantedBugs.map((bug) => bug.name)).size).toBe(plantedBugs.length)
    for (const bug of plantedBugs) {
      expect(bug.replace, bug.name).not.toBe(bug.find)
      plant(bug)
    }
  })

  // Five a day; `npm run proof` hunts them all.
  const day = Math.floor(Date.now() / 86_400_000)
  const today = Array.from({ length: 5 }, (_, i) => plantedBugs[(day * 5 + i) % plantedBugs.length]!)
  test.each(today)("found within 1,000 seeds: $name", { timeout: 900_000 }, async (bug) => {
    const { seed, problem } = await hunt(bug, { from: 1, count: 1_000 })
    expect(seed, problem ?? bug.name).not.toBeNull()
  })
})
