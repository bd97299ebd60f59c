/**
 * One peer, one question, a process of its own. A peer says how to open it and how to complete, park and wake runs; what
 * is asked, counted and timed is the same for all. The last line of output is the answer as JSON. Whatever happens — an
 * error, a deadline, the end of who asked — what was started is ended and the folder removed.
 *
 * @typedef {object} Counts
 * @property {number} open runs that have begun and not ended
 * @property {number} failed
 *
 * @typedef {{ parallel: number, parked?: number }} Load runs in flight, and runs that wait: what it has to be ready for
 *
 * @typedef {object} Opened
 * @property {(steps: number) => Promise<unknown>} steps a run of so many steps in a row, each durable, each adding one to the last; resolves with the last result at the run's end
 * @property {(steps: number) => Promise<unknown>} fan a run of so many steps at once, which give 1, 2, 3 …; resolves with their sum
 * @property {(key: string) => Promise<() => Promise<unknown>>} park starts a run that waits for a signal; what it answers wakes the run and resolves with 2 at its end
 * @property {() => number} parked how many runs have come to their wait
 * @property {() => Promise<Counts>} counts
 * @property {(only?: { own: boolean }) => readonly number[]} pids processes beside this one whose CPU belongs to it; `own`: those that die with it
 * @property {() => Promise<unknown>} close
 *
 * @typedef {object} Peer
 * @property {string} system its name, version, durability and what was set
 * @property {(folder: string, load: Load, spawned: (pid: number) => void) => Promise<Opened>} open on a folder that may hold what a killed process left; it tells of each process that it starts
 * @property {(folder: string) => Promise<unknown>} [prepare] starts what outlives a killed process, such as a database server
 * @property {(folder: string) => Promise<unknown>} [dispose]
 *
 * @typedef {object} Asked
 * @property {string} program the peer's file
 * @property {string} folder
 * @property {(load: Load) => Promise<Opened>} open
 * @property {(end: () => Promise<unknown>) => void} onEnd
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { endings, toldToEnd } from "./endings.mjs"
import { questions } from "./questions.mjs"
import { load, restart } from "./recovery.mjs"

const answerMs = 180_000

/** @param {string} program the peer's own file @param {() => Promise<Peer>} loadPeer */
export async function answer(program, loadPeer) {
  const [question = "", json = "{}", given] = process.argv.slice(2)
  const args = JSON.parse(json)
  const told = toldToEnd()
  const peer = await loadPeer().catch((error) => {
    say({ system: question, absent: text(error) })
    process.exit(0)
  })
  if (given !== undefined) return child(peer, { load, restart }[question], { program, folder: given, args, told })
  const ask = questions[question]
  if (ask === undefined) throw new Error(`no question is called ${question}`)
  const folder = mkdtempSync(join(tmpdir(), "waybill-bench-"))
  const ends = endings()
  try {
    ends.add(() => peer.dispose?.(folder))
    void told.then(ends.killSpawned)
    await peer.prepare?.(folder)
    const asked = askedOf(peer, program, folder, ends)
    const late = delay(answerMs, undefined, { ref: false }).then(() => fail(`no answer within ${answerMs / 1_000} s`))
    const rows = await Promise.race([ask(asked, args), late, told.then(() => fail("told to end"))])
    say({ system: peer.system, rows })
  } catch (error) {
    say({ system: peer.system, absent: `broke: ${text(error)}` })
  } finally {
    await ends.run()
    rmSync(folder, { recursive: true, force: true })
  }
  // A peer's timers and sockets are its own affair.
  process.exit(0)
}

/** A process that is killed under load, or its successor: its parent has prepared the folder and removes it. */
async function child(peer, role, { program, folder, args, told }) {
  const ends = endings()
  void told.then(ends.killSpawned)
  try {
    await Promise.race([role(askedOf(peer, program, folder, ends), args).then(() => told), told])
  } finally {
    await ends.run()
  }
  process.exit(0)
}

/** @returns {Asked} */
function askedOf(peer, program, folder, ends) {
  return {
    program,
    folder,
    onEnd: ends.add,
    async open(load) {
      /** @type {Promise<Opened> | null} */
      let opening = null
      // First, because behind the end nothing opens; told to end while it opens, it is closed as soon as it is open.
      ends.add(async () => (await opening?.catch(() => null))?.close())
      opening = peer.open(folder, load, ends.spawned)
      return opening
    },
  }
}

function say(said) {
  process.stdout.write(`${JSON.stringify(said)}\n`)
}

/** @returns {never} */
function fail(why) {
  throw new Error(why)
}

function text(error) {
  return error instanceof Error ? error.message : String(error)
}
