import { describe, expect, it } from "vitest"
import { consoleWords, executionsWords, runStatuses, runsWords, statusesOf } from "./status-words.ts"

describe("words for a run's status", () => {
  it("mean exactly one status in the engine's own spelling, in capitals or not", () => {
    for (const status of runStatuses) {
      expect(statusesOf(status)).toEqual([status])
      expect(statusesOf(status.toLowerCase())).toEqual([status])
    }
  })

  it("are accepted in every vocabulary's spelling", () => {
    for (const words of [runsWords, executionsWords])
      for (const word of Object.values(words)) expect(statusesOf(word)).not.toBeNull()
    for (const words of Object.values(consoleWords)) for (const word of words) expect(statusesOf(word)).not.toBeNull()
    expect(statusesOf("queued")).toEqual(["PENDING"])
    expect(statusesOf("waiting_human")).toEqual(["WAITING_APPROVAL"])
    expect(statusesOf("timeout")).toEqual(["TIMED_OUT"])
    expect(statusesOf("Timed Out")).toEqual(["TIMED_OUT"])
    expect(statusesOf("canceled")).toEqual(["CANCELLED"])
    expect(statusesOf("Cancelled")).toEqual(["CANCELLED"])
    expect(statusesOf("Succeeded")).toEqual(["COMPLETED"])
    expect(statusesOf("waiting-approval")).toEqual(["WAITING_APPROVAL"])
  })

  it("mean all that a facade shows under them, when that facade asks", () => {
    expect(statusesOf("failed", "runs")).toEqual(["FAILED", "TIMED_OUT"])
    expect(statusesOf("failed", "executions")).toEqual(["FAILED"])
    expect(statusesOf("running", "runs")).toEqual(["RUNNING", "WAITING_SIGNAL", "PAUSED"])
    expect(statusesOf("running", "executions")).toEqual(["RUNNING", "WAITING_APPROVAL", "WAITING_SIGNAL", "PAUSED"])
  })

  it("are refused when nobody uses them", () => {
    for (const word of ["", "done", "RUNNING;", "constructor", "__proto__"]) expect(statusesOf(word)).toBeNull()
  })
})
