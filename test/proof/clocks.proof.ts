/**
 * The clock stories of `npm test` again, told by libfaketime (Debian's package `faketime`), which nobody here wrote, with
 * more steps. A round is 40 random places between a day back and a month ahead.
 */
import { execFileSync } from "node:child_process"
import { renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "vitest"
import { ensureTool } from "../../scripts/setup/ensure-tool.mjs"
import { clockSteps, dueWhileDown, hour, type MovableClock, setBackAndForth } from "../chaos/clock-stories.ts"
import { randomFrom } from "../chaos/kills.ts"
import { freshFolder } from "../chaos/server-process.ts"
import { numbersOf, pieceOf } from "./piece.ts"

const stepsARound = 40

/** The program knows where its library lies. */
const library = execFileSync(ensureTool("faketime", "faketime"), ["-m", "-f", "+0", "printenv", "LD_PRELOAD"], {
  encoding: "utf8",
}).trim()

function movable(): MovableClock {
  const file = join(freshFolder(), "faketime")
  writeFileSync(file, "+0\n")
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
    moveTo(offsetMs) {
      writeFileSync(`${file}.new`, `${offsetMs < 0 ? "-" : "+"}${(Math.abs(offsetMs) / 1_000).toFixed(3)}\n`)
      // Never half written: the server reads it at any moment.
      renameSync(`${file}.new`, file)
    },
  }
}

test("what fell due while the server was down happens when it is back, by the clock as it is then", () =>
  dueWhileDown(movable()))

test("a clock that is set back and forth wakes nobody early and forgets nobody", () => setBackAndForth(movable()))

test.each(numbersOf(pieceOf(10)))(
  "round %d of steps back and forth loses nothing and repeats nothing",
  async (round) => {
    const random = randomFrom(round)
    const offsets = Array.from({ length: stepsARound }, () => Math.round(placeOf(random(), random())))
    await clockSteps(movable(), offsets)
  },
)

/** Small steps as often as large ones. */
function placeOf(kind: number, place: number): number {
  if (kind < 0.3) return (place - 0.5) * 2_000
  if (kind < 0.7) return (place - 0.5) * 2 * hour
  return kind < 0.9 ? (place - 0.5) * 48 * hour : place * 30 * 24 * hour
}
