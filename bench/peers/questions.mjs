/**
 * The benches' questions, put to one peer. Each is bounded: a slow peer has fewer rounds, or is cut off and says so.
 * @typedef {import("./harness.mjs").Asked} Asked
 */
import { setTimeout as delay } from "node:timers/promises"
import { cpuMs, many, mustBe, percentile, roundsWithin } from "./measure.mjs"
import { recovery } from "./recovery.mjs"

const roundMs = 12_000
/** Of parking, and of waking. */
const phaseMs = 60_000

export const questions = { latency, throughput, "fan-out": fanOut, chain, waiting, recovery }

/** @param {Asked} asked @param {{ runs: number }} args */
async function latency({ open }, { runs }) {
  const opened = await open({ parallel: 1 })
  const complete = async () => mustBe(await opened.steps(1), 1, "the result of one step")
  await many(20, 1, complete)
  const times = []
  const timed = async () => {
    const at = performance.now()
    await complete()
    times.push(performance.now() - at)
  }
  await many(runs, 1, timed, 2 * roundMs)
  return [
    {
      what: "start → complete, p50",
      unit: "ms",
      values: [percentile(times, 50)],
      note: `${times.length} runs, through its own client`,
    },
    { what: "start → complete, p99", unit: "ms", values: [percentile(times, 99)] },
  ]
}

/** @param {Asked} asked @param {{ runs: number, parallel: number }} args */
async function throughput({ open }, { runs, parallel }) {
  const opened = await open({ parallel })
  const complete = async () => mustBe(await opened.steps(3), 3, "the result of three steps")
  await many(Math.min(runs, 200), parallel, complete)
  const rounds = await roundsWithin(3, 3 * roundMs, async () => {
    const before = cpuMs(opened.pids())
    const { count, ms } = await many(runs, parallel, complete, roundMs)
    return { perSecond: (count / ms) * 1_000, cpu: (cpuMs(opened.pids()) - before) / count }
  })
  return [
    { what: "runs a second", unit: "runs/s", values: rounds.map(({ perSecond }) => perSecond) },
    {
      what: "CPU per 1,000 runs, client and server included",
      unit: "s",
      values: rounds.map(({ cpu }) => cpu),
    },
  ]
}

/** @param {Asked} asked @param {{ runs: number }} args */
async function fanOut({ open }, { runs }) {
  const opened = await open({ parallel: runs })
  const fan = async () => mustBe(await opened.fan(100), 5_050, "the sum of a hundred steps")
  await fan()
  const single = await roundsWithin(7, roundMs, () => many(1, 1, fan))
  const together = await roundsWithin(3, 2 * roundMs, () => many(runs, runs, fan))
  return [
    { what: "one run of 100 parallel steps", unit: "ms", values: single.map(({ ms }) => ms) },
    { what: `${runs} runs of 100 parallel steps`, unit: "ms", values: together.map(({ ms }) => ms) },
  ]
}

/** @param {Asked} asked @param {{ steps: number }} args */
async function chain({ open }, { steps }) {
  const opened = await open({ parallel: 1 })
  const complete = async () => mustBe(await opened.steps(steps), steps, "the result of the chain")
  mustBe(await opened.steps(10), 10, "the result of ten steps")
  const times = await roundsWithin(3, 2 * roundMs, () => many(1, 1, complete))
  return [{ what: `a chain of ${steps.toLocaleString("en")} steps`, unit: "ms", values: times.map(({ ms }) => ms) }]
}

/** @param {Asked} asked @param {{ runs: number, parallel: number }} args */
async function waiting({ open }, { runs, parallel }) {
  const opened = await open({ parallel, parked: runs })
  /** @type {(() => Promise<unknown>)[]} */
  const wake = []
  const at = performance.now()
  const started = await many(runs, parallel, async (n) => void wake.push(await opened.park(`park-${n}`)), phaseMs)
  // Until the runs wait, not only until they were accepted.
  while (opened.parked() < wake.length && performance.now() - at < phaseMs) await delay(5)
  const parkedMs = performance.now() - at
  const parked = Math.min(wake.length, opened.parked())
  const finish = async (/** @type {number} */ n) => mustBe(await wake[n]?.(), 2, "the result of a woken run")
  const woken = await many(started.count, parallel, finish, phaseMs)
  return [
    { what: `${runs} runs parked`, unit: "s", values: [parkedMs / 1_000], note: cutOff(parked, runs) },
    { what: "all woken and finished", unit: "s", values: [woken.ms / 1_000], note: cutOff(woken.count, runs) },
  ]
}

/** @param {number} done @param {number} wanted */
function cutOff(done, wanted) {
  return done < wanted ? `cut off after ${phaseMs / 1_000} s with ${done} of ${wanted}` : ""
}
