import { closeSync, openSync, writeFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import { test } from "vitest"
import { clockSteps, dueWhileDown, hour, type MovableClock, setBackAndForth } from "./clock-stories.ts"
import { preloadOf } from "./preload.ts"
import { freshFolder } from "./server-process.ts"

const library = preloadOf("clock-faults")

function movable(): MovableClock {
  const file = join(freshFolder(), "offset")
  writeFileSync(file, Buffer.alloc(8))
  return {
    env: { LD_PRELOAD: library, CLOCK_OFFSET: file },
    moveTo(offsetMs) {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64LE(BigInt(offsetMs))
      // Never emptied: the server reads it at any moment.
      const open = openSync(file, "r+")
      writeSync(open, bytes)
      closeSync(open)
    },
  }
}

const slow = { timeout: 120_000 }

test("a clock that jumps by hours and a month under load loses nothing and repeats nothing", slow, () =>
  clockSteps(movable(), [hour, -hour, 0, 30 * 24 * hour, 500, -500]),
)

test("what fell due while the server was down happens when it is back, by the clock as it is then", slow, () =>
  dueWhileDown(movable()),
)

test("a clock that is set back and forth wakes nobody early and forgets nobody", slow, () => setBackAndForth(movable()))
