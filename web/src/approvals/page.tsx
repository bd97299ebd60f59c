/** What waits for people, the first to be too late on top; one of them beside the list, to be decided there. */
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import type { Approval, ApprovalPage } from "@waybill/contract"
import { useMemo, useRef, useState } from "react"
import { useKeys } from "../keys/use-keys.ts"
import { type Asked, definePage, type NoParams } from "../page/define-page.ts"
import { Loaded } from "../page/Loaded.tsx"
import { useSetSearch } from "../page/navigation.ts"
import { PageHead } from "../page/PageHead.tsx"
import { approvalQuery } from "../parts/decide/approval-query.ts"
import { DecisionSheet } from "../parts/decide/DecisionSheet.tsx"
import { type NameOf, useWorkflowNames } from "../parts/use-workflow-names.ts"
import { type ApprovalsSearch, paths } from "../paths.ts"
import { cx } from "../ui/cx.ts"
import { SkeletonRows } from "../ui/Skeleton.tsx"
import { VirtualTable } from "../ui/table/VirtualTable.tsx"
import { useWindowWidth } from "../ui/use-window-width.ts"
import { askedApprovals, inOrder } from "./asked.ts"
import { columnsFor } from "./list/columns.tsx"
import { Filters } from "./list/Filters.tsx"
import { NoApprovals } from "./list/NoApprovals.tsx"

/** From here on the list makes room for the sheet; in a narrower window the sheet lies over it. */
const BESIDE_FROM_PX = 1024
const SHEET_PX = 640
const besideSheet = "lg:mr-[calc(640px-max(0px,(100vw-100rem)/2))]"

export const page = definePage<NoParams, ApprovalsSearch>({
  load: ({ queries, search, env }) => {
    void queries.prefetchQuery(askedApprovals(search, env))
    if (search.open !== undefined) void queries.prefetchQuery(approvalQuery(search.open))
  },
  View: ApprovalsPage,
})

function ApprovalsPage({ search, env }: Asked<NoParams, ApprovalsSearch>) {
  const approvals = useQuery({ ...askedApprovals(search, env), placeholderData: keepPreviousData })
  const workflows = useWorkflowNames(env)
  const setSearch = useSetSearch<ApprovalsSearch>()
  const table = useRef<HTMLTableElement>(null)
  function close() {
    setSearch({ open: undefined, say: undefined })
    table.current?.focus()
  }
  return (
    <>
      <PageHead title="Approvals" />
      <div className={cx("mt-3 flex flex-col gap-3", search.open !== undefined && besideSheet)}>
        <Filters search={search} workflows={workflows} />
        <Loaded
          query={approvals}
          what="The approvals"
          skeleton={<SkeletonRows rows={6} label="The approvals are loading" />}
        >
          {(answer) => (
            <List
              answer={answer}
              search={search}
              env={env}
              nameOf={workflows.nameOf}
              table={table}
              onOpen={(open, say) => setSearch({ open, say }, { replace: search.open !== undefined })}
            />
          )}
        </Loaded>
      </div>
      {search.open !== undefined && (
        <DecisionSheet
          approvalId={search.open}
          say={search.say}
          nextTo={(open) => paths.approvals({ ...search, open, say: undefined })}
          onClose={close}
        />
      )}
    </>
  )
}

type ListProps = Pick<Asked<NoParams, ApprovalsSearch>, "search" | "env"> & {
  readonly answer: ApprovalPage
  readonly nameOf: NameOf
  readonly table: React.RefObject<HTMLTableElement | null>
  readonly onOpen: (approvalId: string, say?: string) => void
}

function List({ answer, search, env, nameOf, table, onOpen }: ListProps) {
  const rows = inOrder(answer.items)
  const [focused, setFocused] = useState<string | undefined>(search.open)
  const windowPx = useWindowWidth()
  const roomPx = search.open !== undefined && windowPx >= BESIDE_FROM_PX ? windowPx - SHEET_PX : windowPx
  const { columns, height } = useMemo(
    () => columnsFor(roomPx, search.state ?? "pending", nameOf),
    [roomPx, search.state, nameOf],
  )
  const here = rows.find(({ approvalId }) => approvalId === focused) ?? rows[0]
  const sayHere = (say: string) => ({
    run: () => here !== undefined && onOpen(here.approvalId, say),
    refused: here === undefined ? "nothing is listed" : refusalOf(here, say),
  })
  const move = (by: 1 | -1) => () => {
    table.current?.focus({ preventScroll: true })
    const at = rows.findIndex(({ approvalId }) => approvalId === focused)
    setFocused(rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.approvalId)
  }
  useKeys("Approvals", {
    j: { label: "Next approval", run: move(1) },
    k: { label: "Previous approval", run: move(-1) },
    "Shift+A": { label: "Open to approve", ...sayHere("approve") },
    "Shift+R": { label: "Open to reject", ...sayHere("reject") },
  })
  const more = answer.nextCursor !== null
  return (
    <div className="overflow-hidden rounded-md border bg-surface">
      <VirtualTable
        ref={table}
        label="Approvals"
        rows={rows}
        rowId={idOf}
        rowLabel={({ message }) => message}
        columns={columns}
        height={height}
        focused={focused}
        onFocused={setFocused}
        onPeek={({ approvalId }) => onOpen(approvalId)}
        onOpen={({ approvalId }) => onOpen(approvalId)}
        empty={<NoApprovals search={search} env={env} nameOf={nameOf} />}
        className="max-h-[calc(100dvh-11rem)]"
        footer={
          more && (
            <p className="border-t px-3 py-2 text-muted">
              The first {answer.items.length} of {answer.total?.value ?? "more"} are listed. A workflow narrows it down.
            </p>
          )
        }
      />
    </div>
  )
}

const idOf = ({ approvalId }: Approval) => approvalId

function refusalOf({ state, actions }: Approval, name: string): string | null {
  if (state !== "pending") return "it is decided"
  const action = actions.find((one) => one.name === name)
  if (action === undefined) return `it does not offer ${name}`
  return action.allowed ? null : (action.reason ?? "not allowed")
}
