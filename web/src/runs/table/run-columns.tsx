/** What the table can show of a run: the columns of 000, what happened in words, and some that are there when asked for. */
import type { RunSummary } from "@waybill/contract"
import type { ReactNode } from "react"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { Badge } from "../../ui/Badge.tsx"
import { CopyId } from "../../ui/CopyId.tsx"
import { cx } from "../../ui/cx.ts"
import { Glyph } from "../../ui/Glyph.tsx"
import { Icon } from "../../ui/Icon.tsx"
import type { Look } from "../../ui/look.ts"
import { lookOfResolution } from "../../ui/resolution-look.ts"
import { lookOfRun } from "../../ui/run-look.ts"
import { Skeleton } from "../../ui/Skeleton.tsx"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import type { Column } from "../../ui/table/column.ts"
import { Duration } from "../../ui/time/Duration.tsx"
import { Time } from "../../ui/time/Time.tsx"
import { foldedUnder } from "../fold.ts"
import { stateWords } from "../run-words.ts"
import type { ColumnFacts } from "./columns.ts"
import { isHeld, type RunRow } from "./run-row.ts"
import { TagsCell } from "./TagsCell.tsx"

export type RunColumn = Column<RunRow> & ColumnFacts

function column(facts: Omit<RunColumn, "cell">, cell: (run: RunSummary) => ReactNode): RunColumn {
  return { ...facts, cell: (row) => (isHeld(row) ? cell(row) : <Skeleton className="w-2/3" />) }
}

const figure = (value: number) => (
  <span className={cx(value === 0 && "text-faint")}>{value === 0 ? "–" : value.toLocaleString("en")}</span>
)
function derivedWord({ partial, stalled, late }: RunSummary["derived"]): string | undefined {
  if (partial) return "partial"
  if (stalled) return "stalled"
  return late ? "late" : undefined
}
const word = (value: string | null) => value ?? <span className="text-faint">–</span>

export const runColumns: readonly RunColumn[] = [
  column({ id: "status", title: "Status", width: 184, rank: 0, hideable: false, sort: "asc" }, (run) => (
    <span className="relative flex items-center">
      <StatusBadge look={lookOfRun(run.status)} detail={derivedWord(run.derived)} />
      <Resolved run={run} />
      <PeekButton runId={run.runId} />
    </span>
  )),
  column({ id: "workflow", title: "Workflow", width: 156, grow: 5, rank: 1, hideable: false }, (run) => (
    <span className="flex min-w-0 items-center gap-1.5">
      <Link to={paths.run(run.runId)} tabIndex={-1} className="min-w-0 truncate rounded-xs font-medium hover:underline">
        {run.workflowName}
      </Link>
      {run.origin !== "live" && <Badge className="shrink-0">{run.origin}</Badge>}
      <Under run={run} />
    </span>
  )),
  column({ id: "version", title: "Version", width: 68, rank: 9 }, (run) => (
    <span className="text-mono text-muted">{run.workflowVersion}</span>
  )),
  column({ id: "state", title: "What happened", width: 176, grow: 6, rank: 3 }, (run) => {
    const words = stateWords(run)
    return (
      <span className="text-muted" title={words}>
        {words}
      </span>
    )
  }),
  column({ id: "id", title: "Run ID", width: 128, rank: 5 }, (run) => (
    <CopyId id={run.runId} label="run id" tabIndex={-1} />
  )),
  column({ id: "started", title: "Started", width: 100, rank: 2, sort: "desc" }, (run) => (
    <Time at={run.startedAt} className="text-muted" />
  )),
  column({ id: "duration", title: "Duration", width: 108, rank: 4, sort: "desc", align: "end" }, (run) => (
    <Duration ms={run.durationMs} since={run.startedAt} />
  )),
  column({ id: "hitl", title: "HITL", width: 144, rank: 8 }, (run) => <Hitl run={run} />),
  column({ id: "tags", title: "Tags", width: 120, grow: 1, rank: 6 }, ({ tags }) => <TagsCell tags={tags} />),
  column({ id: "actor", title: "Owner / Actor", width: 100, rank: 7 }, ({ owner, actor }) => (
    <span className={cx(owner === null && "text-muted")} title={owner === null ? actor : `${owner}; begun by ${actor}`}>
      {(owner ?? actor).replace(/^user:/, "")}
    </span>
  )),
  column({ id: "env", title: "Env", width: 72, rank: 10 }, ({ environment }) => (
    <span className="text-muted">{environment}</span>
  )),
  column({ id: "resolution", title: "Resolution", width: 132 }, ({ resolution }) =>
    resolution === null ? word(null) : <StatusBadge look={lookOfResolution(resolution.state)} />,
  ),
  column({ id: "notes", title: "Notes", width: 68, align: "end" }, ({ annotationCount }) => figure(annotationCount)),
  column({ id: "created", title: "Created", width: 100, sort: "desc" }, ({ createdAt }) => (
    <Time at={createdAt} className="text-muted" />
  )),
  column({ id: "ended", title: "Ended", width: 100 }, ({ completedAt }) => (
    <Time at={completedAt} className="text-muted" />
  )),
  column({ id: "event", title: "Business event", width: 152 }, ({ businessEventId }) =>
    businessEventId === null ? word(null) : <CopyId id={businessEventId} label="business event" tabIndex={-1} />,
  ),
  column({ id: "trigger", title: "Trigger", width: 88 }, ({ trigger }) => word(trigger.kind)),
  column({ id: "steps", title: "Steps", width: 72, align: "end" }, ({ counts }) => figure(counts.steps)),
  column({ id: "retries", title: "Retries", width: 76, align: "end" }, ({ counts }) => figure(counts.retries)),
  column({ id: "tokens", title: "Tokens", width: 88, align: "end" }, ({ usage }) => figure(usage.tokens)),
  column({ id: "cost", title: "Cost", width: 80, align: "end" }, ({ usage }) =>
    usage.costUsd === 0 ? figure(0) : `$${usage.costUsd.toFixed(usage.costUsd < 1 ? 4 : 2)}`,
  ),
]

/** What somebody has said of a failure stands beside it; that nobody has is not said of each. */
function Resolved({ run: { resolution } }: { run: RunSummary }) {
  if (resolution === null || resolution.state === "open") return null
  const look = lookOfResolution(resolution.state)
  return (
    <span title={look.word} className="ml-1.5 shrink-0">
      <StatusBadge look={look} shape="glyph" />
    </span>
  )
}

/** What a row of a folded list stands for; pressed, these runs. */
function Under({ run }: { run: RunSummary }) {
  return foldedUnder(run).map(({ kind, count, says, query }) => (
    <Link
      key={kind}
      to={paths.runs({ q: query, origin: "all" })}
      tabIndex={-1}
      title={says}
      aria-label={says}
      className="inline-flex h-5 shrink-0 items-center gap-1 rounded-sm border bg-sunken px-1 text-2xs text-muted hover:border-line-strong hover:text-fg"
    >
      <Icon name={kind === "duplicates" ? "copy" : "tree"} size={12} />
      {count}
    </Link>
  ))
}

/** Quick view for the pointer, as Space for the keyboard; the table's owner hears it by its `data-peek`. */
function PeekButton({ runId }: { runId: string }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      data-peek={runId}
      aria-label="Look into the run"
      title="Look into the run"
      className="absolute -right-1 grid size-6 place-items-center rounded-sm bg-raised text-muted opacity-0 shadow-popover hover:text-fg [tr:hover_&]:opacity-100 [tr[data-focused]_&]:opacity-100"
    >
      <Icon name="eye" size={14} />
    </button>
  )
}

const hitlLook = {
  requested: { word: "Requested", tone: "waiting", glyph: "person" },
  approved: { word: "Approved", tone: "completed", glyph: "check" },
  rejected: { word: "Rejected", tone: "failed", glyph: "cross" },
} as const satisfies Record<NonNullable<RunSummary["hitl"]>, Look>

/** With its clock while somebody is asked; what was requested of a run that has ended asks nothing of anybody any more. */
function Hitl({ run: { hitl, completedAt, blockedOn } }: { run: RunSummary }) {
  if (hitl === null) return word(null)
  const look = hitlLook[hitl]
  const due = blockedOn.find(({ kind, until }) => kind === "approval" && until !== null)?.until
  if (completedAt !== null) return <StatusBadge look={{ ...look, tone: "quiet" }} />
  if (hitl !== "requested" || due === undefined) return <StatusBadge look={look} />
  return (
    <span className="flex items-center gap-1.5">
      <StatusBadge look={look} shape="glyph" />
      <span className="truncate">
        due <Time at={due} shown="relative" />
      </span>
    </span>
  )
}

/** All of it in two lines, where there is no room for columns. */
export const cardColumn: RunColumn = column(
  { id: "run", title: "Run", width: 200, grow: 1, hideable: false },
  (run) => {
    const look = lookOfRun(run.status)
    const words = stateWords(run)
    return (
      <span className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2">
        <Glyph name={look.glyph} tone={look.tone} />
        <Link to={paths.run(run.runId)} tabIndex={-1} className="truncate rounded-xs font-medium">
          {run.workflowName}
        </Link>
        <Time at={run.startedAt ?? run.createdAt} className="text-xs text-muted" />
        <span className="col-start-2 truncate text-xs text-muted">
          {look.word}
          {[...foldedUnder(run).map(({ word }) => word), words].filter(Boolean).map((said) => ` · ${said}`)}
        </span>
        <Duration ms={run.durationMs} since={run.startedAt} className="text-right text-xs text-muted" />
      </span>
    )
  },
)
