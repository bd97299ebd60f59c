/**
 * Everything there is about one run, as the text of one JSON document, made a page at a time: the client's reading
 * decides when the next page is read, and nothing is held for it in between (rule 29).
 */
import { approvalStates, type RunExport } from "@waybill/contract"
import type { Engine, Noted } from "@waybill/engine"
import { found } from "../../shared/answer.ts"
import type { Caller } from "../../shared/auth.ts"
import { eventJson } from "../../shared/event-json.ts"
import { rfc3339 } from "../../shared/time.ts"
import { approvalDocument } from "./approval-document.ts"
import { lineageDocument } from "./lineage-document.ts"
import { remarkDocument } from "./remark-document.ts"
import { runText } from "./run-document.ts"
import { stepDocuments } from "./step-document.ts"

const stepsPerPage = 100
const eventsPerPage = 200
const approvalsPerPage = 100
const remarksPerPage = 200

/** Refuses before the first byte: a run that is not there. What is appended while it is written is left out. */
export async function openRunExport(
  engine: Engine,
  runId: string,
  caller: Caller,
): Promise<AsyncGenerator<string, void>> {
  const row = found(await engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
  const evidence = found(await engine.insights.evidence(runId), "run_not_found", `there is no run ${runId}`)
  const lineage = found(await engine.insights.lineage(runId), "run_not_found", `there is no run ${runId}`)
  const { definition, head, seal } = evidence
  const run = await runText(engine, row, caller)
  const first = JSON.stringify({ format: "waybill-run-export/1", exportedAt: rfc3339(Date.now()) })
  const rest = JSON.stringify({
    definition,
    heads: {
      run: head,
      workspace: seal === null ? null : { number: seal.number, prevHash: seal.prevHash, hash: seal.hash },
    },
    lineage: lineageDocument(lineage),
  } satisfies Pick<RunExport, "definition" | "heads" | "lineage">)
  const text = `${first.slice(0, -1)},"run":${run},${rest.slice(1, -1)}`
  return documentText(engine, { runId, seq: head.seq, text }, caller)
}

async function* documentText(
  engine: Engine,
  { runId, seq, text }: { readonly runId: string; readonly seq: number; readonly text: string },
  caller: Caller,
): AsyncGenerator<string, void> {
  yield text
  yield* list("remarks", remarkPages(engine, runId))
  yield* list("approvals", approvalPages(engine, runId, caller))
  yield* list("steps", stepPages(engine, runId, seq))
  yield* list("events", eventPages(engine, runId, seq))
  yield "}\n"
}

async function* list(name: string, pages: AsyncGenerator<readonly string[], void>): AsyncGenerator<string, void> {
  yield `,\n"${name}":[`
  let isFirst = true
  for await (const items of pages) {
    if (items.length === 0) continue
    yield `${isFirst ? "" : ","}\n${items.join(",\n")}`
    isFirst = false
  }
  yield "]"
}

async function* remarkPages(engine: Engine, runId: string): AsyncGenerator<readonly string[], void> {
  for (let before: number | null = null; ; ) {
    const page = { kinds: [], stepId: null, before, limit: remarksPerPage }
    const remarks: readonly Noted[] = await engine.remarks.list(runId, page)
    yield remarks.map((remark) => JSON.stringify(remarkDocument(remark)))
    if (remarks.length < remarksPerPage) return
    before = remarks[remarks.length - 1]!.number
  }
}

async function* approvalPages(engine: Engine, runId: string, caller: Caller): AsyncGenerator<readonly string[], void> {
  const ofRun = { runId, state: approvalStates, workflowId: null, environment: null, assignees: [] }
  const filter = { ...ofRun, limit: approvalsPerPage }
  for (let cursor: string | null = null; ; ) {
    const answer: Awaited<ReturnType<Engine["queries"]["approvals"]>> = await engine.queries.approvals({
      ...filter,
      cursor,
    })
    if (!answer.ok) throw new Error(answer.rejection.message)
    const documents = await Promise.all(answer.value.items.map((row) => approvalDocument(engine, row, caller)))
    yield documents.map((document) => JSON.stringify(document))
    cursor = answer.value.nextCursor
    if (cursor === null) return
  }
}

async function* stepPages(engine: Engine, runId: string, seq: number): AsyncGenerator<readonly string[], void> {
  for (let after = 0; ; ) {
    const rows = await engine.queries.steps(runId, after, stepsPerPage)
    const known = rows.filter(({ firstSeq }) => firstSeq <= seq)
    yield (await stepDocuments(engine, runId, known)).map((step) => JSON.stringify(step))
    if (known.length < stepsPerPage) return
    after = known[known.length - 1]!.firstSeq
  }
}

async function* eventPages(engine: Engine, runId: string, seq: number): AsyncGenerator<readonly string[], void> {
  for (let after = 0; after < seq; ) {
    const limit = Math.min(eventsPerPage, seq - after)
    const events = await engine.queries.events(runId, { after, types: [], limit })
    yield events.map(eventJson)
    if (events.length < limit) return
    after = events[events.length - 1]!.seq
  }
}
