/** What agents logged while they worked for a run (000, "Logs"). */
import type { Static } from "typebox"
import { answer, count, jsonObject, nullable, oneOf, page, text, time } from "./scalars.ts"

export const runLogLevels = ["debug", "info", "warn", "error"] as const

export const RunLogLine = answer("RunLogLine", {
  number: count,
  at: time,
  stepId: text,
  attempt: count,
  level: oneOf(runLogLevels),
  message: text,
  fields: nullable(jsonObject("What the agent gave beside the message; `{cut}` when it was longer than 8 KiB.")),
})
export type RunLogLine = Static<typeof RunLogLine>
export const RunLogPage = page("RunLogPage", RunLogLine)
export type RunLogPage = Static<typeof RunLogPage>
