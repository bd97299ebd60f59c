/** The same thing done to many runs: previewed, frozen, throttled, and told run by run (000, settled 26). */
import { type Static, Type } from "typebox"
import { resolutionStates } from "./remark.ts"
import {
  answer,
  count,
  jsonObject,
  nullable,
  oneOf,
  page,
  request,
  text,
  textOrNull,
  time,
  timeOrNull,
} from "./scalars.ts"

export const bulkActions = ["cancel", "rerun", "tag", "assign", "resolve"] as const
/** `left`: it waited when the action was aborted, and nothing comes of it any more. */
export const bulkItemStates = ["waiting", "done", "refused", "left"] as const

const changedTags = Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 128 }), { maxItems: 50 }))

export const StartBulk = request("StartBulk", {
  action: oneOf(bulkActions),
  runIds: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
      minItems: 1,
      maxItems: 10_000,
      description: "These runs; or `query`, never both.",
    }),
  ),
  query: Type.Optional(
    Type.String({ maxLength: 2048, description: "All runs that match now, at most 100,000; empty: all there are." }),
  ),
  reason: Type.String({ minLength: 1, maxLength: 2000, description: "Kept with every run." }),
  from: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description: "For `rerun`: `failed` or a state's name; absent: from the start.",
    }),
  ),
  tags: Type.Optional(
    Type.Object({ add: changedTags, remove: changedTags }, { additionalProperties: false, description: "For `tag`." }),
  ),
  owner: Type.Optional(
    nullable(Type.String({ minLength: 1, maxLength: 256, description: "For `assign`; null: nobody." })),
  ),
  state: Type.Optional(oneOf(resolutionStates, "For `resolve`; its reason is `reason`.")),
  dryRun: Type.Optional(Type.Boolean({ description: "Only say what would happen." })),
})
export type StartBulk = Static<typeof StartBulk>

export const Bulk = answer("Bulk", {
  bulkId: nullable(Type.String({ description: "Null in a preview: nothing is kept of it." })),
  action: oneOf(bulkActions),
  state: oneOf(["preview", "running", "paused", "done", "aborted"]),
  reason: text,
  query: nullable(Type.String({ description: "Null: the runs were named." })),
  from: textOrNull,
  change: nullable(
    jsonObject("What is said beside each run: `{add, remove}`, `{owner}` or `{state}`; null where nothing is."),
  ),
  actor: text,
  createdAt: time,
  completedAt: timeOrNull,
  counts: Type.Object(
    { total: count, done: count, refused: count, left: count },
    { description: "In a preview `refused` is what would be, and `left` what would be tried." },
  ),
  refusals: nullable(
    Type.Array(
      Type.Object({
        code: text,
        message: text,
        count,
        runIds: Type.Array(text, { description: "At most 20." }),
      }),
      { description: "Of a preview: why runs would be refused, the most frequent first; else read the items." },
    ),
  ),
})
export type Bulk = Static<typeof Bulk>
export const BulkPage = page("BulkPage", Bulk)
export type BulkPage = Static<typeof BulkPage>

export const BulkItem = answer("BulkItem", {
  runId: text,
  state: oneOf(bulkItemStates),
  code: nullable(Type.String({ description: "Why it was refused." })),
  message: textOrNull,
  newRunId: nullable(Type.String({ description: "The run that a re-run made." })),
})
export type BulkItem = Static<typeof BulkItem>
export const BulkItemPage = page("BulkItemPage", BulkItem)
export type BulkItemPage = Static<typeof BulkItemPage>
