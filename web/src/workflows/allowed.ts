/** What this caller may do to a workflow, with the reason where not: by its role, and by how the workflow stands. */
import { useQuery } from "@tanstack/react-query"
import type { Session, WorkflowSummary } from "@waybill/contract"
import { sessionQuery } from "../data/queries.ts"
import { lacksRole } from "../data/roles.ts"

export interface Refusals {
  /** Each is the reason, or undefined where it may be done. */
  readonly start: string | undefined
  readonly change: string | undefined
}

type Asked = Pick<WorkflowSummary, "status" | "syncState">

export function refusalsOf(workflow: Asked, session: Pick<Session, "role" | "actor"> | undefined): Refusals {
  return {
    start: lacksRole(session, "operator") ?? startRefusal(workflow),
    change: lacksRole(session, "admin"),
  }
}

function startRefusal({ status, syncState }: Asked): string | undefined {
  if (status === "active") return undefined
  return syncState === "file_missing"
    ? "It is disabled since its file is gone: put the file back and sync"
    : "It is disabled: enable it first"
}

export function useRefusals(): (workflow: Asked) => Refusals {
  const session = useQuery(sessionQuery()).data
  return (workflow) => refusalsOf(workflow, session)
}
