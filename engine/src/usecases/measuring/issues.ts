/** Issues as one workspace has them: what is of another is not there, whatever id is asked for. */
import type { IssueDeed, Issues, ListedIssue } from "../../door/measures.ts"
import type { IssueStore } from "../../ports/issue-store.ts"
import type { Redaction } from "../../ports/redaction.ts"

export function issuesDoor(store: IssueStore, redaction: Redaction, now: () => number): Issues {
  const own = async (workspaceId: string, issueId: string) => {
    const found = await store.issue(issueId, now())
    return found?.workspaceId === workspaceId && found.count > 0 ? found : null
  }
  return {
    list: (question) => store.issues(question, now()),
    get: own,
    async ofRun(workspaceId, runId) {
      const issueId = await store.issueOf(runId)
      return issueId === null ? null : own(workspaceId, issueId)
    },
    async runs(workspaceId, issueId, before, limit) {
      return (await own(workspaceId, issueId)) === null ? null : store.issueRuns(issueId, before, limit)
    },
    async change(workspaceId, issueId, deed, by) {
      const issue = await own(workspaceId, issueId)
      if (issue === null) return null
      await store.changeIssue(issueId, redacted(redaction, issue, deed), now(), by)
      return own(workspaceId, issueId)
    },
  }
}

/** What the store may not keep is taken out before it gets there (rule 9). */
function redacted(redaction: Redaction, issue: ListedIssue, deed: IssueDeed): IssueDeed {
  if (!("reason" in deed) || deed.reason === null) return deed
  const { workspaceId, environment, workflowId } = issue
  const place = { workspaceId, environment, workflowId, kind: "comment" } as const
  return { ...deed, reason: String(redaction.redact(place, deed.reason)) }
}
