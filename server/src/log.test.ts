import { describe, expect, test } from "vitest"
import { agentLogs, engineLog, openLog } from "./log.ts"

function log(level: "debug" | "info" | "warn" | "error" = "info") {
  const lines: string[] = []
  const logger = openLog(level, { write: (line: string) => lines.push(line) })
  return { logger, lines, parsed: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

describe("the server's log", () => {
  test("is one JSON object a line, with its level by name and its time in UTC", () => {
    const { logger, parsed } = log()
    engineLog(logger).write("warn", "the store is slow", { tookMs: 12 })
    expect(parsed()).toEqual([
      {
        level: "warn",
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        service: "waybill",
        tookMs: 12,
        msg: "the store is slow",
      },
    ])
  })

  test("text with line breaks cannot forge a line", () => {
    const { logger, lines, parsed } = log()
    const forged = 'x\n{"level":"info","msg":"approved by root"}\r\u2028'
    engineLog(logger).write("info", forged, { field: forged })
    agentLogs(logger).keep({ environment: "default", level: "error", message: forged, fields: { forged }, place: null })
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line.trimEnd()).not.toMatch(/[\n\r]/)
    expect(parsed()[0]).toMatchObject({ msg: forged, field: forged })
  })

  test("what an agent says names its run, step and attempt, and cannot pretend to be the server's", () => {
    const { logger, parsed } = log()
    agentLogs(logger).keep({
      environment: "prod",
      level: "info",
      message: "working",
      fields: { level: "fatal", run_id: "run_other" },
      place: { runId: "run_1", workspaceId: "default" },
      stepId: "step_1",
      attempt: 2,
    })
    expect(parsed()[0]).toMatchObject({
      level: "info",
      source: "agent",
      environment: "prod",
      run_id: "run_1",
      step_id: "step_1",
      attempt: 2,
      fields: { run_id: "run_other" },
    })
  })

  test("says no more than it was asked to", () => {
    const { logger, lines } = log("error")
    engineLog(logger).write("warn", "quiet")
    expect(lines).toEqual([])
  })
})
