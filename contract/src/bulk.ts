/** The same thing done to many runs: previewed, frozen, throttled, and told run by run (000, settled 26). */
import { type Static, Type } from "typebox"
import { answer, count, nullable, oneOf, page, request, text, textOrNull, time, timeOrNull } from "./scalars.ts"

export const bulkActions = ["cancel", "rerun"] as const
export const StartBulk = request("StartBulk", {
  action: oneOf(bulkActions),
  runIds: Type.Optional(Type.Array(text, { minItems: 1, maxItems: 10_000 })),
  query: Type.Optional(Type.String({ maxLength: 2048, description: "Instead of `runIds`: all that match now." })),
  reason: Type.String({ minLength: 1, maxLength: 2000 }),
  from: Type.Optional(Type.String({ description: "For `rerun`: `failed` or a state's name; absent: from the start." })),
  dryRun: Type.Optional(Type.Boolean({ description: "Only say what would happen." })),
})
export type StartBulk = Static<typeof StartBulk>

export const Bulk = answer("Bulk", {
  bulkId: text,
  action: oneOf(bulkActions),
  state: oneOf(["preview", "running", "paused", "done", "aborted"]),
  reason: text,
  query: textOrNull,
  actor: text,
  createdAt: time,
  completedAt: timeOrNull,
  counts: Type.Object({ total: count, done: count, refused: count, left: count }),
})
export type Bulk = Static<typeof Bulk>

export const BulkItem = answer("BulkItem", {
  runId: text,
  state: oneOf(["waiting", "done", "refused"]),
  code: textOrNull,
  message: textOrNull,
  newRunId: nullable(Type.String({ description: "The run that a re-run made." })),
})
export type BulkItem = Static<typeof BulkItem>
export const BulkItemPage = page("BulkItemPage", BulkItem)
export type BulkItemPage = Static<typeof BulkItemPage>
