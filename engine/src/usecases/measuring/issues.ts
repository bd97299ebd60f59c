/** Issues as one workspace has them: what is of another is not there, whatever id is asked for. */
import type { Issues } from "../../measures-door.ts"
import type { IssueStore } from "../../ports/issue-store.ts"

export function issuesDoor(store: IssueStore, now: () => number): Issues {
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
      if ((await own(workspaceId, issueId)) === null) return null
      await store.changeIssue(issueId, deed, now(), by)
      return own(workspaceId, issueId)
    },
  }
}
