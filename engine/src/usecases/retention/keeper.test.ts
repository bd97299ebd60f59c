import { expect, test } from "vitest"
import { defaultRetentionLimits, Keeper, type RetentionPorts } from "./keeper.ts"

const hourMs = 3_600_000
const now = 1_000_000

/** After how long a keeper looks again, whose archive is to be tried again then. */
function pauseOf(nextTry: number | null): number {
  const pauses: number[] = []
  const ports = {
    clock: {
      now: () => now,
      setTimer: (delayMs: number) => {
        pauses.push(delayMs)
        return () => {}
      },
    },
    archiver: { nextTry: () => nextTry },
  } as unknown as RetentionPorts
  const nothing = () => {
    throw new Error("nobody asked for a purge")
  }
  new Keeper(ports, defaultRetentionLimits, nothing, nothing).start()
  return pauses[0]!
}

test.each([
  ["by the hour", null, hourMs],
  ["sooner while something waits for the archive", now + 60_000, 60_000],
  ["by the hour at the latest", now + 9 * hourMs, hourMs],
  ["no sooner than in ten seconds, however much is overdue", now - hourMs, 10_000],
])("retention looks again %s", (_how, nextTry, pause) => {
  expect(pauseOf(nextTry)).toBe(pause)
})
