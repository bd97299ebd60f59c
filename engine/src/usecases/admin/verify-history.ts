/** `waybill verify`: the hash chain of every run, and the workspace's chain over finished runs (rule 10, I16). */
import { checkLink, genesisHash, type HexSha256 } from "../../core/run/chain.ts"
import type { Admin } from "../../door.ts"
import type { AuditStore } from "../../ports/audit-store.ts"
import type { HistoryStore } from "../../ports/history-store.ts"
import { everyEvent, everyRun } from "./every-run.ts"
import { verifyAudit } from "./verify-audit.ts"

type Report = Omit<Awaited<ReturnType<Admin["verify"]>>, "archive">
type Finding = Report["findings"][number]

/** More are counted but not listed: a broken database must not fill the memory. */
const findingsMax = 1_000

export const verifyHistory =
  (stored: HistoryStore, audit: AuditStore | null, sha256Hex: HexSha256) =>
  async (...[options, progress]: Parameters<Admin["verify"]>): Promise<Report> => {
    const findings: Finding[] = []
    const note = (finding: Finding) => {
      if (findings.length < findingsMax) findings.push(finding)
    }
    const history = withProvenSeals(stored, note)
    let runs = 0
    let events = 0
    let erased = 0
    for await (const runId of everyRun(history, options.runId)) {
      progress?.({ runs, events })
      runs++
      // First, so that a run which goes on meanwhile is held against what it was: its chain has to lead there.
      const row = (await history.rows(runId))?.run
      let head: string | null = null
      let prev: { seq: number; hash: string } = { seq: 0, hash: genesisHash }
      let mayLack: boolean | null = null
      for await (const event of everyEvent(history, runId)) {
        events++
        if (event.payload === null) {
          if (mayLack === null) {
            mayLack = await mayLackValues(history, runId)
            if (!mayLack) note({ runId, seq: event.seq, what: "payload_removed" })
          }
          if (mayLack) erased++
        }
        if (event.seq > prev.seq + 1 && (await history.leftOf(runId)) !== null) {
          // Retention takes the oldest first, and is in the middle of it.
          erased += event.seq - 1 - prev.seq
          prev = { seq: event.seq - 1, hash: event.prevHash }
        }
        const broken = checkLink(sha256Hex, runId, prev, event)
        if (broken !== null) note({ runId, seq: broken.seq, what: broken.what })
        prev = { seq: event.seq, hash: event.hash }
        if (event.seq === row?.seq) head = event.hash
      }
      const left = prev.seq < (row?.seq ?? 1) ? await history.leftOf(runId) : null
      if (left !== null) {
        erased += left.seq - prev.seq
        head = left.headHash
      }
      const isLonger = row !== undefined && prev.seq > row.seq && !(await hasReached(history, runId, prev.seq))
      if (row !== undefined && (head !== row.headHash || isLonger)) note({ runId, seq: prev.seq, what: "cut_tail" })
    }
    if (options.runId !== null) return { runs, events, erased, findings, audit: null }
    await verifyWorkspaces(history, note, options.head)
    return { runs, events, erased, findings, audit: audit === null ? null : await verifyAudit(audit, sha256Hex) }
  }

/** By policy, or the run went whole meanwhile. */
async function mayLackValues(history: Chains, runId: string): Promise<boolean> {
  return (await history.valuesWent(runId)) !== false || (await history.leftOf(runId)) !== null
}

/** Its row has come as far as its events meanwhile; one that has not was given events by somebody else. */
async function hasReached(history: Chains, runId: string, seq: number): Promise<boolean> {
  const row = (await history.rows(runId))?.run
  return row === undefined || row.seq >= seq
}

type Chains = Pick<
  HistoryStore,
  "runIds" | "rawEvents" | "rows" | "leftOf" | "valuesWent" | "workspaceHeads" | "workspaceHeadHash"
>

/** A seal that was written by hand leaves nothing of a run: that is told, and then what is missing. */
function withProvenSeals(history: HistoryStore, note: (finding: Finding) => void): Chains {
  const told = new Set<string>()
  return {
    runIds: (after, limit) => history.runIds(after, limit),
    rawEvents: (runId, after, limit) => history.rawEvents(runId, after, limit),
    rows: (runId) => history.rows(runId),
    valuesWent: (runId) => history.valuesWent(runId),
    workspaceHeads: (after, limit) => history.workspaceHeads(after, limit),
    workspaceHeadHash: (head) => history.workspaceHeadHash(head),
    async leftOf(runId) {
      const left = await history.leftOf(runId)
      if (left === null || left.isGenuine !== false) return left
      if (!told.has(runId)) note({ runId, seq: left.seq, what: "seal_forged" })
      told.add(runId)
      return null
    },
  }
}

async function verifyWorkspaces(
  history: Chains,
  note: (finding: Finding) => void,
  wanted: string | null,
): Promise<void> {
  let after: { workspaceId: string; number: number } | null = null
  let prev: { workspaceId: string; number: number; hash: string } | null = null
  let seen = wanted === null
  for (;;) {
    const heads = await history.workspaceHeads(after, 500)
    for (const head of heads) {
      const expected: string = prev?.workspaceId === head.workspaceId ? prev.hash : genesisHash
      const number: number = prev?.workspaceId === head.workspaceId ? prev.number + 1 : 1
      if (head.number !== number) note({ runId: head.runId, seq: head.runSeq, what: "workspace_gap" })
      if (head.prevHash !== expected) note({ runId: head.runId, seq: head.runSeq, what: "workspace_link_broken" })
      if (history.workspaceHeadHash(head) !== head.hash)
        note({ runId: head.runId, seq: head.runSeq, what: "workspace_head_altered" })
      const run = (await history.rows(head.runId))?.run
      if (run === undefined) {
        const left = await history.leftOf(head.runId)
        if (left === null || left.hasRow) note({ runId: head.runId, seq: head.runSeq, what: "run_removed" })
        else if (left.headHash !== head.runHead)
          note({ runId: head.runId, seq: head.runSeq, what: "finished_run_altered" })
      } else if (run.headHash !== head.runHead)
        note({ runId: head.runId, seq: head.runSeq, what: "finished_run_altered" })
      if (head.hash === wanted) seen = true
      prev = head
      after = { workspaceId: head.workspaceId, number: head.number }
    }
    if (heads.length < 500) break
  }
  if (!seen) note({ runId: "", seq: 0, what: "exported_head_not_found" })
}
