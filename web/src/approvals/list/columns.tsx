import type { Approval } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { Nearness } from "../../parts/decide/Nearness.tsx"
import { paths } from "../../paths.ts"
import { lookOfApproval } from "../../ui/approval-look.ts"
import { linkLook } from "../../ui/button-look.ts"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { shortId } from "../../ui/short-id.ts"
import type { Column } from "../../ui/table/column.ts"
import { Duration } from "../../ui/time/Duration.tsx"
import { Time } from "../../ui/time/Time.tsx"

const message: Column<Approval> = {
  id: "message",
  title: "Asks",
  width: 200,
  grow: 3,
  cell: ({ message }) => <span className="truncate font-medium">{message}</span>,
}

/** Where there is no room for columns: the question, and below it whose it is and how near it is to being late. */
const inTwoLines: Column<Approval> = {
  ...message,
  width: 180,
  cell: (approval) => (
    <span className="flex min-w-0 flex-col leading-tight">
      <span className="truncate font-medium">{approval.message}</span>
      <span className="flex min-w-0 gap-2 text-xs text-muted">
        <span className="truncate">{approval.workflowId}</span>
        <StandsOrNears approval={approval} />
      </span>
    </span>
  ),
}

const wide: readonly Column<Approval>[] = [
  message,
  {
    id: "due",
    title: "Due",
    width: 150,
    grow: 1,
    cell: (approval) => <StandsOrNears approval={approval} />,
  },
  {
    id: "workflow",
    title: "Workflow",
    width: 120,
    grow: 1,
    cell: ({ workflowId }) => <span className="truncate">{workflowId}</span>,
  },
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
    id: "requestedAt",
    title: "Waits",
    width: 96,
    cell: ({ state, requestedAt, decidedAt }) =>
      state === "pending" ? <Duration since={requestedAt} /> : <Time at={decidedAt ?? requestedAt} />,
  },
  {
    id: "approvers",
    title: "Whom",
    width: 120,
    grow: 1,
    cell: ({ approvers }) => (
      <span className={approvers.length === 0 ? "truncate text-muted" : "truncate"}>
        {approvers.length === 0 ? "any operator" : approvers.join(", ")}
      </span>
    ),
  },
]

const WIDE_FROM_PX = 720

export const columnsFor = (windowPx: number) =>
  windowPx < WIDE_FROM_PX
    ? ({ columns: [inTwoLines], height: "tall" } as const)
    : ({ columns: wide, height: "usual" } as const)

function StandsOrNears({ approval }: { approval: Approval }) {
  if (approval.state === "pending") return <Nearness approval={approval} />
  return <StatusBadge look={lookOfApproval(approval.state)} detail={approval.decidedBy.join(", ")} />
}
