/** What is different from the last run of the same workflow that went well. */
import type { Json } from "../../json.ts"
import type { RunCreated } from "../../run/events.ts"
import { type JsonChange, jsonChanges } from "../json-changes.ts"
import type { RunRow } from "../rows.ts"
import { durationMs } from "../run-query.ts"
import type { WhyChanged, WhyModel } from "./model.ts"

const changesMax = 20
/** A value that is longer as JSON is left out of its change: the pointer says where it stands. */
const valueCharsMax = 2_000

/** A run as it began, and the models it asked. `input` undefined: too large to be read for a comparison. */
export interface Beginning {
  readonly row: RunRow
  readonly agents: RunCreated["agents"]
  readonly input: Json | undefined
  readonly models: ModelsByPlace
}

/** What was asked at a place of the definition: its items and rounds together. */
export type ModelsByPlace = ReadonlyMap<string, ReadonlySet<string>>

export function againstLastGood(good: Beginning, run: Beginning): WhyChanged {
  const compared = good.input !== undefined && run.input !== undefined
  const { changes, truncated } = compared
    ? jsonChanges(good.input, run.input!, changesMax)
    : { changes: [], truncated: true }
  return {
    runId: good.row.runId,
    completedAt: good.row.completedAt ?? good.row.createdAt,
    version: versionChange(good.row, run.row),
    input: changes.map(withoutLargeValues),
    inputTruncated: truncated,
    durationMs: { from: durationMs(good.row), to: durationMs(run.row) },
    agents: changedAgents(good.agents, run.agents),
    models: changedModels(good.models, run.models).slice(0, changesMax),
  }
}

function versionChange(good: RunRow, run: RunRow): WhyChanged["version"] {
  if (good.definitionHash === run.definitionHash) return null
  return { from: versionText(good), to: versionText(run) }
}

/** settled 1: `1.0 (#7)`. */
function versionText(run: RunRow): string {
  return `${run.workflowVersion} (#${run.versionNumber})`
}

function changedAgents(good: RunCreated["agents"], run: RunCreated["agents"]): readonly string[] {
  return Object.keys(run)
    .filter((name) => good[name] !== undefined && good[name].sourceHash !== run[name]!.sourceHash)
    .sort()
}

function changedModels(good: ModelsByPlace, run: ModelsByPlace): readonly WhyModel[] {
  return [...run].flatMap(([step, models]) => {
    const then = good.get(step)
    if (then === undefined) return []
    const [from, to] = [inWords(then), inWords(models)]
    return from === to ? [] : [{ step, from, to }]
  })
}

function inWords(models: ReadonlySet<string>): string {
  return [...models].sort().join(", ")
}

function withoutLargeValues(change: JsonChange): JsonChange {
  const { pointer, op, from, to } = change
  return { pointer, op, ...(isSmall(from) && { from }), ...(isSmall(to) && { to }) }
}

function isSmall(value: Json | undefined): value is Json {
  return value !== undefined && JSON.stringify(value).length <= valueCharsMax
}
