/** The reading half of the door: rows from the store, looks into a run from its events, and what may be done (rule 34). */
import { type ApprovalTerms, canDecide, canRun, runActions } from "../../core/policy/roles.ts"
import type { Actor } from "../../core/run/commands.ts"
import type { RunState } from "../../core/run/state.ts"
import type { ApprovalRow, RunRow } from "../../core/views/rows.ts"
import type { Action, Queries } from "../../door.ts"
import type { RemarkStore } from "../../ports/remark-store.ts"
import type { RunInsights } from "../../ports/run-insights.ts"
import type { RunQueries } from "../../ports/run-queries.ts"
import type { RunStore } from "../../ports/store.ts"
import { contextNow, contextTextAt } from "./context-text.ts"
import { contextChanges, evaluateExpression, storedText, storedValue } from "./inspect-run.ts"
import { runOverview } from "./run-overview.ts"

export interface QueryPorts {
  readonly rows: RunQueries
  readonly insights: Pick<RunInsights, "contextTextAt" | "contextTextNow" | "contextChanges" | "evaluate">
  readonly remarks: Pick<RemarkStore, "standing">
  readonly store: Pick<RunStore, "load" | "blobs">
  readonly workspaceId: string
  /** Milliseconds since the epoch: what "24 h ago" in a query is counted from. */
  readonly now: () => number
  /** The run as it is now; it must not be altered. */
  readonly look: <T>(runId: string, use: (state: RunState | null) => T) => Promise<T>
  /** The same without waiting, when it is in memory now. */
  readonly peek: (runId: string) => RunState | null
  /** A run that is left alone is shown as such, whatever its row says. */
  readonly shown: (row: RunRow) => RunRow
  readonly isArchived: (row: RunRow) => boolean
  readonly isStalled: (runId: string) => boolean
  readonly isLate: (row: RunRow) => boolean
  /** What it was given is gone: it cannot be run again. */
  readonly isExpired: (row: RunRow) => boolean
}

export function queriesDoor(ports: QueryPorts): Queries {
  const { rows, store, workspaceId, now, shown } = ports
  return {
    async run(runId) {
      const row = await rows.run(runId)
      return row === null ? null : shown(row)
    },
    isArchived: ports.isArchived,
    isStalled: ports.isStalled,
    isLate: ports.isLate,
    standing: (runId) => ports.remarks.standing(runId),
    async runs(filter, sort, cursor, limit, fold = []) {
      const listed = await rows.runs({ workspaceId, filter, now: now(), sort, fold, cursor, limit })
      if (listed.ok)
        return {
          ok: true,
          value: {
            ...listed.page,
            items: listed.page.items.map((row) => ({
              ...shown(row),
              lastState: row.lastState,
              standing: row.standing,
              ...(row.folded !== undefined && { folded: row.folded }),
            })),
          },
          position: listed.position,
        }
      return { ok: false, rejection: { code: listed.code, message: listed.message } }
    },
    ...runOverview(rows, workspaceId, now),
    steps: (runId, after, limit) => rows.steps(runId, after, limit),
    events: (runId, page) => rows.events(runId, page),
    value: (stored) => storedValue(store, stored),
    valueText: (stored) => storedText(store, stored),
    async approvals({ cursor, limit, sort = "-requestedAt", ...filter }) {
      const listed = await rows.approvals({ workspaceId, filter, sort, cursor, limit })
      if (listed.ok) return { ok: true, value: listed.page, position: listed.position }
      return { ok: false, rejection: { code: listed.code, message: listed.message } }
    },
    approval: (approvalId) => rows.approval(approvalId),
    contextText: (runId, at) => contextTextAt(ports, runId, at),
    contextNow: (row) => contextNow(ports, row),
    contextChanges: (runId, points, limit) => contextChanges(ports, runId, points, limit),
    evaluate: (expression, runId, at) => evaluateExpression(ports, expression, runId, at),
    actions: (row, actor) => {
      const gone = { allowed: false, reason: "what it was given is past its retention" } as const
      const can = (name: (typeof runActions)[number]) => {
        const allowed = canRun(row, name, actor)
        return name === "rerun" && allowed.allowed && ports.isExpired(row) ? gone : allowed
      }
      return runActions.map((name) => action(name, can(name)))
    },
    approvalActions,
  }
}

function action(name: string, can: ReturnType<typeof canRun>): Action {
  return can.allowed ? { name, allowed: true } : { name, allowed: false, reason: can.reason }
}

function approvalActions(row: ApprovalRow, terms: ApprovalTerms | null, actor: Actor): readonly Action[] {
  const outcomes = (JSON.parse(row.outcomes) as { readonly name: string }[]).map(({ name }) => name)
  return [...outcomes, "delegate"].map((name) => action(name, canDecide(row, terms, name, actor)))
}
