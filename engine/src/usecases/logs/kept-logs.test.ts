import { beforeEach, describe, expect, test } from "vitest"
import type { NewLogLine } from "../../ports/run-logs.ts"
import type { StepLog } from "../../ports/step-logs.ts"
import { VirtualClock } from "../../testing/world/virtual-clock.ts"
import { defaultKeptLogsLimits, KeptLogs } from "./kept-logs.ts"

const said = (message: string, given: Partial<StepLog> = {}): StepLog => ({
  environment: "default",
  level: "info",
  message,
  place: { runId: "run_1", workspaceId: "default" },
  stepId: "step_1",
  attempt: 1,
  ...given,
})

let clock: VirtualClock
const pass = (ms: number) => {
  const until = clock.monotonic() + ms
  while (clock.step(until)) {}
}
let writes: (readonly NewLogLine[])[]
let warnings: string[]
let refuses: Error | null
/** Held until it is called. */
let release: (() => void) | null

const opened = (limits = {}) =>
  new KeptLogs(
    {
      clock,
      log: { write: (_level, message) => warnings.push(message) },
      store: {
        async add(lines, most) {
          if (release !== null) await new Promise<void>((resolve) => (release = resolve))
          if (refuses !== null) throw refuses
          writes.push(lines)
          return lines.filter(({ message }) => message === `over ${most}`).length
        },
      },
    },
    { ...defaultKeptLogsLimits, ...limits },
  )

beforeEach(() => {
  clock = new VirtualClock(1_700_000_000_000)
  writes = []
  warnings = []
  refuses = null
  release = null
})

describe("what agents log", () => {
  test("waits a moment, and is stored together", async () => {
    const logs = opened()
    logs.keep(said("a"))
    pass(199)
    logs.keep(said("b"))
    expect(writes).toEqual([])
    pass(1)
    await logs.flush()
    expect(writes.map((lines) => lines.map(({ message, at }) => [message, at - 1_700_000_000_000]))).toEqual([
      [
        ["a", 0],
        ["b", 199],
      ],
    ])
  })

  test("of no step is not a run's", async () => {
    const logs = opened()
    logs.keep(said("a", { place: null }))
    await logs.flush()
    expect([writes, logs.dropped]).toEqual([[], 0])
  })

  test("beyond an attempt's lines ends with one that says so; another attempt has its own", async () => {
    const logs = opened({ linesPerAttempt: 2 })
    for (const message of ["a", "b", "c", "d"]) logs.keep(said(message))
    logs.keep(said("e", { attempt: 2 }))
    await logs.flush()
    expect(writes.flat().map(({ message }) => message.slice(0, 25))).toEqual([
      "a",
      "b",
      "This attempt logged more ",
      "e",
    ])
    expect(logs.dropped).toBe(1)
  })

  test("faster than the store takes it is counted, not kept without end", async () => {
    release = () => {}
    const logs = opened({ waitingMax: 10, linesPerWrite: 1 })
    for (let i = 0; i < 20; i++) logs.keep(said("xxxxx"))
    expect(logs.dropped).toBe(18)
    release = null
    await logs.flush()
    expect(writes).toHaveLength(2)
    logs.keep(said("xxxxx"))
    await logs.flush()
    expect([writes.length, logs.dropped]).toEqual([3, 18])
  })

  test("that the store refuses is counted and said, and what comes next is kept again", async () => {
    const logs = opened()
    refuses = new Error("the disk is full")
    logs.keep(said("a"))
    await logs.flush()
    expect([logs.dropped, warnings]).toEqual([1, ["1 log lines of runs were not kept: the disk is full"]])
    refuses = null
    logs.keep(said("b"))
    await logs.flush()
    expect(writes.flat().map(({ message }) => message)).toEqual(["b"])
  })

  test("of a run that holds as much as it may is counted", async () => {
    const logs = opened({ linesPerRun: 7 })
    logs.keep(said("over 7"))
    await logs.flush()
    expect(logs.dropped).toBe(1)
  })

  test("that is long is cut, and says how much is missing", async () => {
    const logs = opened({ messageCharsMax: 3, fieldsCharsMax: 10 })
    logs.keep(said("abcdef", { fields: { long: "0123456789" } }))
    await logs.flush()
    expect(writes[0]![0]).toMatchObject({ message: "abc… (3 more characters)", fields: '{"cut":21}' })
  })
})
