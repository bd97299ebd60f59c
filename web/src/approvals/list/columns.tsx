import type { Approval } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { Nearness } from "../../parts/decide/Nearness.tsx"
import type { NameOf } from "../../parts/use-workflow-names.ts"
import { type approvalViews, paths } from "../../paths.ts"
import { lookOfApproval } from "../../ui/approval-look.ts"
import { linkLook } from "../../ui/button-look.ts"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { shortId } from "../../ui/short-id.ts"
import type { Column } from "../../ui/table/column.ts"
import { Duration } from "../../ui/time/Duration.tsx"
import { Time } from "../../ui/time/Time.tsx"

type View = (typeof approvalViews)[number]

const message: Column<Approval> = {
  id: "message",
  title: "Question",
  width: 200,
  grow: 3,
  cell: ({ message }) => <span className="truncate font-medium">{message}</span>,
}

/** Where there is no room for columns: the question, and below it whose it is and how near it is to being late. */
const inTwoLines = (nameOf: NameOf): Column<Approval> => ({
  ...message,
  width: 180,
  cell: (approval) => (
    <span className="flex min-w-0 flex-col leading-tight">
      <span className="truncate font-medium">{approval.message}</span>
      <span className="flex min-w-0 gap-2 text-xs text-muted">
        <span className="truncate">{nameOf(approval.workflowId)}</span>
        <StandsOrNears approval={approval} />
      </span>
    </span>
  ),
})

const stands = (view: View): Column<Approval> => ({
  id: "stands",
  title: view === "pending" ? "Due" : "State",
  // "overdue by 9 min 27 s" may not end at the 2.
  width: view === "pending" ? 200 : 150,
  grow: 1,
  cell: (approval) => <StandsOrNears approval={approval} />,
})

const workflow = (nameOf: NameOf): Column<Approval> => ({
  id: "workflow",
  title: "Workflow",
  width: 120,
  grow: 1,
  cell: ({ workflowId }) => (
    <span title={workflowId} className="truncate">
      {nameOf(workflowId)}
    </span>
  ),
})

const when = (view: View): Column<Approval> => ({
  id: "when",
  title: view === "pending" ? "Waits" : "Decided",
  width: 104,
  cell: ({ state, requestedAt, decidedAt }) =>
    state === "pending" ? (
      <span className="truncate">
        {view !== "pending" && <span className="text-muted">waits </span>}
        <Duration since={requestedAt} />
      </span>
    ) : (
      <Time at={decidedAt ?? requestedAt} />
    ),
})

const rest: readonly Column<Approval>[] = [
  {
    id: "run",
    title: "Run",
    width: 112,
    cell: ({ runId }) => (
      <Link to={paths.run(runId)} tabIndex={-1} className={`${linkLook} truncate text-mono`}>
        {shortId(runId)}
      </Link>
    ),
  },
  {
    id: "requestedBy",
    title: "Started by",
    width: 104,
    cell: ({ requestedBy }) => <span className="truncate">{requestedBy}</span>,
  },
  {
    id: "approvers",
    title: "Approvers",
    width: 120,
    grow: 1,
    cell: ({ approvers }) => (
      <span className={approvers.length === 0 ? "truncate text-muted" : "truncate"}>
        {approvers.length === 0 ? "any operator" : approvers.join(", ")}
      </span>
    ),
  },
]

const ALL_FROM_PX = 1000
const COLUMNS_FROM_PX = 620

/** By the room there is, in pixels. */
export function columnsFor(roomPx: number, view: View, nameOf: NameOf) {
  if (roomPx < COLUMNS_FROM_PX) return { columns: [inTwoLines(nameOf)], height: "tall" } as const
  const few = [message, stands(view), workflow(nameOf), when(view)]
  return { columns: roomPx < ALL_FROM_PX ? few : [...few, ...rest], height: "usual" } as const
}

function StandsOrNears({ approval }: { approval: Approval }) {
  if (approval.state === "pending") return <Nearness approval={approval} />
  return <StatusBadge look={lookOfApproval(approval.state)} detail={approval.decidedBy.join(", ")} />
}
