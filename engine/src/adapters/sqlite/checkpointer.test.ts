import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { Checkpointer, type CheckpointLimits } from "./checkpointer.ts"
import type { WorkerCall } from "./reader-messages.ts"

const limits: CheckpointLimits = { passiveFrames: 100, restartFrames: 1_000, alarmFrames: 5_000, idleMs: 2_000 }

let frames = 0
let asked: string[] = []
let alarms: string[] = []
let answer: () => Promise<unknown> = async () => ({ frames, done: frames })
let checkpointer: Checkpointer

const commits = (count: number) => {
  for (let index = 0; index < count; index += 1) checkpointer.committed()
}
const settle = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers()
  frames = 0
  asked = []
  alarms = []
  answer = async () => ({ frames, done: frames })
  const ask = (call: WorkerCall) => {
    if (call.kind === "checkpoint") asked.push(call.mode)
    return answer()
  }
  checkpointer = new Checkpointer(
    { frames: () => frames, worker: { ask }, alarm: (message) => alarms.push(message) },
    limits,
  )
})
afterEach(() => {
  checkpointer.close()
  vi.useRealTimers()
})

describe("the write-ahead log", () => {
  it("is left alone while it is short", async () => {
    frames = 99
    commits(500)
    expect(asked).toEqual([])
  })

  it("is copied without stopping anybody when it has grown, one copy at a time", async () => {
    frames = 100
    commits(64)
    expect(asked).toEqual(["PASSIVE"])
    await settle()
    commits(16)
    expect(asked).toEqual(["PASSIVE", "PASSIVE"])
  })

  it("is begun anew when it grew too far", async () => {
    frames = 1_000
    commits(16)
    expect(asked).toEqual(["RESTART"])
  })

  it("is begun anew once nobody writes", async () => {
    frames = 7
    commits(1)
    await vi.advanceTimersByTimeAsync(1_999)
    commits(1)
    await vi.advanceTimersByTimeAsync(1_999)
    expect(asked).toEqual([])
    await vi.advanceTimersByTimeAsync(2)
    expect(asked).toEqual(["RESTART"])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toEqual(["RESTART"])
  })

  it("raises an alarm once when something holds it, and when a checkpoint fails; the next look tries again", async () => {
    frames = 5_000
    commits(16)
    await settle()
    commits(16)
    await settle()
    expect(alarms).toHaveLength(1)
    answer = () => Promise.reject(new Error("no"))
    commits(16)
    await settle()
    expect(alarms[1]).toMatch(/checkpoint failed: no/)
    answer = async () => ({ frames: 0, done: 0 })
    commits(16)
    await settle()
    expect(asked).toHaveLength(4)
  })
})
