/** `waybill fsck`: the invariants I1–I16 on the real database, run by run. Reads only. */
import { checkRun } from "../../core/audit/index.ts"
import type { Definition } from "../../core/definition/model.ts"
import { decodeEvent } from "../../core/run/decode-event.ts"
import type { RunEvent } from "../../core/run/events.ts"
import type { RunRow } from "../../core/views/rows.ts"
import type { Admin } from "../../door.ts"
import type { DefinitionSource } from "../../ports/definition-source.ts"
import type { HistoryStore } from "../../ports/history-store.ts"
import { standingFinding } from "./check-standing.ts"
import { everyEvent, everyRun } from "./every-run.ts"

type Report = Awaited<ReturnType<Admin["fsck"]>>
type Finding = Report["findings"][number]

const findingsMax = 1_000

export const checkRuns =
  (history: HistoryStore, definitions: Pick<DefinitionSource, "byHash">): Admin["fsck"] =>
  async (progress): Promise<Report> => {
    const findings: Finding[] = []
    const skipped: Report["skipped"][number][] = []
    const keys = new Map<string, string>()
    let runs = 0
    let events = 0
    for await (const runId of everyRun(history, null)) {
      progress?.({ runs, events })
      runs++
      const found = await checkOne(history, definitions, runId, keys, (read) => {
        events += read
      })
      if ("erased" in found) {
        if (skipped.length < findingsMax) skipped.push({ runId, why: found.erased })
        continue
      }
      for (const finding of found) if (findings.length < findingsMax) findings.push(finding)
    }
    findings.push(...(await countsFinding(history)))
    return { runs, findings, skipped }
  }

async function checkOne(
  history: HistoryStore,
  definitions: Pick<DefinitionSource, "byHash">,
  runId: string,
  keys: Map<string, string>,
  count: (events: number) => void,
): Promise<readonly Finding[] | { readonly erased: string }> {
  // A live server goes on committing: rows are read before and after the events, and compared when they stood still.
  for (let tries = 0; ; tries++) {
    const rows = await history.rows(runId)
    const read = await readEvents(history, runId)
    if ("erased" in read) return read
    if ("why" in read) return [{ invariant: "I5", runId, detail: read.why }]
    if (read.events.length < (rows?.run.seq ?? 1) && (await history.leftOf(runId)) !== null)
      return { erased: pastRetention }
    count(read.events.length)
    const events = rows === null ? read.events : read.events.filter((event) => event.seq <= rows.run.seq)
    if (rows === null) return [{ invariant: "I5", runId, detail: "the run has events and no row" }]
    const after = await history.rows(runId)
    if (after?.run.seq !== rows.run.seq && tries < 5) continue
    const created = events[0]?.type === "run.created" ? events[0].payload : null
    const definition: Definition | null = created === null ? null : await definitions.byHash(created.definitionHash)
    const found = checkRun(runId, events, rows, definition).map(({ invariant, seq, detail }) => ({
      invariant,
      runId,
      detail: seq === null ? detail : `at event ${seq}: ${detail}`,
    }))
    return [
      ...found,
      ...(await checkParent(history, runId, created?.parentRunId ?? null)),
      ...checkNumber(keys, runId, created),
      ...(await checkStanding(history, runId, rows.run)),
    ]
  }
}

/** I5 once more: what is kept counted of finished runs is what their rows say. */
async function countsFinding(history: HistoryStore): Promise<readonly Finding[]> {
  const [first] = await history.countsAdrift(1)
  if (first === undefined) return []
  const { table, key, runs } = first
  const differs = `${Math.abs(runs)} ${runs > 0 ? "more" : "fewer"} are there than ${table} counts`
  return [{ invariant: "I5", runId: "*", detail: `of (${key.join(", ")}) ${differs}; rebuild counts them anew` }]
}

/** As `rebuild` says it too. */
export const pastRetention = "its events are past their retention"

/** I5 again, for what people have said beside the run. */
async function checkStanding(history: HistoryStore, runId: string, run: RunRow): Promise<readonly Finding[]> {
  const detail = await standingFinding(history, runId, run)
  return detail === null ? [] : [{ invariant: "I5", runId, detail }]
}

type Read = { readonly events: readonly RunEvent[] } | { readonly why: string } | { readonly erased: string }

async function readEvents(history: HistoryStore, runId: string): Promise<Read> {
  const events: RunEvent[] = []
  for await (const raw of everyEvent(history, runId)) {
    const decoded = decodeEvent(raw)
    if (!decoded.ok) return decoded.erased ? { erased: decoded.why } : { why: decoded.why }
    events.push(decoded.event)
  }
  return { events }
}

/** I12: a child has its parent. */
async function checkParent(
  history: HistoryStore,
  runId: string,
  parentRunId: string | null,
): Promise<readonly Finding[]> {
  if (parentRunId === null || (await history.rows(parentRunId)) !== null) return []
  if ((await history.leftOf(parentRunId)) !== null) return []
  return [{ invariant: "I12", runId, detail: `its parent ${parentRunId} is not there` }]
}

/** I9, as far as it lies in history: no two runs of a definition carry one execution number. */
function checkNumber(
  keys: Map<string, string>,
  runId: string,
  created: Extract<RunEvent, { type: "run.created" }>["payload"] | null,
): readonly Finding[] {
  if (created === null) return []
  const key = [created.workspaceId, created.environment, created.workflowId, created.executionNumber].join("\u0000")
  const twin = keys.get(key)
  keys.set(key, runId)
  return twin === undefined
    ? []
    : [
        {
          invariant: "I9",
          runId,
          detail: `execution number ${created.executionNumber} of ${created.workflowId} is ${twin}'s too`,
        },
      ]
}
