/**
 * kill −9 under load and a restart, as Waybill's own bench has it: the process that does the work is a child, and its
 * successor is another one, timed from its start. What is meant to outlive it, such as a database server, does.
 * @typedef {import("./harness.mjs").Asked} Asked
 * @typedef {import("./harness.mjs").Peer} Peer
 */
import { fork } from "node:child_process"
import { setTimeout as delay } from "node:timers/promises"
import { many, mustBe, roundsWithin } from "./measure.mjs"

const loadMs = 2_000
const restartMs = 60_000

/** @param {Asked} asked @param {{ runs: number }} args */
export async function recovery({ program, folder, onEnd }, args) {
  const rounds = await roundsWithin(3, 40_000, async () => {
    await loadUntilKilled(program, folder, args, onEnd)
    return restarted(program, folder, args, onEnd)
  })
  return [
    {
      what: `restart → all ${args.runs} runs finished`,
      unit: "s",
      values: rounds.map(({ ms }) => ms / 1_000),
      note: `${rounds.map(({ left }) => left).join(", ")} were unfinished when it could first be asked`,
    },
  ]
}

/** @param {string} program @param {string} folder @param {object} args @param {Asked["onEnd"]} onEnd */
async function loadUntilKilled(program, folder, args, onEnd) {
  const child = startChild(program, "load", folder, args, onEnd)
  const { pids } = await child.said
  await delay(loadMs)
  for (const pid of [...pids, child.pid]) process.kill(pid, "SIGKILL")
  await child.gone
}

/** @param {string} program @param {string} folder @param {object} args @param {Asked["onEnd"]} onEnd */
async function restarted(program, folder, args, onEnd) {
  const at = performance.now()
  const child = startChild(program, "restart", folder, args, onEnd)
  const said = await child.said
  const ms = performance.now() - at
  child.end()
  await child.gone
  if (said.problem !== undefined) throw new Error(said.problem)
  mustBe(said.failed, 0, "how many runs failed")
  return { ms, left: said.left }
}

/** @param {string} program @param {string} role @param {string} folder @param {object} args @param {Asked["onEnd"]} onEnd */
function startChild(program, role, folder, args, onEnd) {
  /** @type {import("node:child_process").ChildProcess | null} */
  let child = null
  // Its own server goes with it when it learns that nobody listens any more. First, because behind the end nothing starts.
  onEnd(async () => {
    if (child?.connected) child.disconnect()
    await gone
  })
  child = fork(program, [role, JSON.stringify(args), folder], { stdio: ["ignore", "ignore", "inherit", "ipc"] })
  const gone = new Promise((resolve) => child.on("exit", resolve))
  const said = new Promise((resolve, reject) => {
    child.on("message", resolve)
    child.on("exit", (code) => reject(new Error(`the process for ${role} ended with ${code} and said nothing`)))
  })
  return { pid: /** @type {number} */ (child.pid), gone, said, end: () => child.disconnect() }
}

/** Says who has to be killed, once the load is under way. @param {Asked} asked @param {{ runs: number }} args */
export async function load({ open }, { runs }) {
  const opened = await open({ parallel: runs })
  const complete = async () => mustBe(await opened.steps(3), 3, "the result of three steps")
  await many(50, 50, complete)
  process.send?.({ pids: opened.pids({ own: true }) })
  await many(1_000_000, runs, complete, restartMs)
}

/** Says when nothing is left to do, and how much that was. @param {Asked} asked @param {{ runs: number }} args */
export async function restart({ open }, { runs }) {
  const at = performance.now()
  const opened = await open({ parallel: runs })
  let counts = await opened.counts()
  const left = counts.open
  while (counts.open > 0 && performance.now() - at < restartMs) {
    await delay(5)
    counts = await opened.counts()
  }
  const problem =
    counts.open > 0 ? `${counts.open} of ${left} runs have not ended ${restartMs / 1_000} s after it` : undefined
  process.send?.({ left, failed: counts.failed, problem })
}
