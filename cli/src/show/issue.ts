/** Issues as a table, and one of them as a page. */
import type { Issue, IssueRunPage } from "@waybill/contract"
import type { Style } from "./style.ts"
import { table } from "./table.ts"
import { relative as ago } from "./times.ts"

export function issueTable(style: Style, issues: readonly Issue[], now: number): string {
  if (issues.length === 0) return "no issues\n"
  const rows = issues.map((issue) => [
    issue.issueId,
    stateWord(style, issue),
    issue.workflowId,
    issue.step ?? "",
    issue.errorCode,
    String(issue.count),
    String(issue.trend.last24h),
    ago(issue.lastSeen.at, now),
    issue.owner ?? "",
    issue.message.slice(0, 60),
  ])
  return table(style, ["ISSUE", "STATE", "WORKFLOW", "STEP", "CODE", "RUNS", "24H", "LAST", "OWNER", "MESSAGE"], rows)
}

export function issueText(style: Style, issue: Issue, runs: IssueRunPage["items"], now: number): string {
  const { firstSeen, lastSeen, regressed, resolved, ignoredUntil } = issue
  const lines = [
    `${style.bold(issue.issueId)}  ${stateWord(style, issue)}  ${issue.workflowId} (${issue.environment})`,
    `${issue.errorClass} ${issue.errorCode}${issue.step === null ? "" : ` in ${issue.step}`}: ${issue.message}`,
    ...(issue.frame === null ? [] : [`at ${issue.frame}`]),
    `${issue.count} runs, ${issue.trend.last24h} in the last 24 h`,
    `first ${ago(firstSeen.at, now)} in version #${firstSeen.versionNumber} (${firstSeen.runId})`,
    `last ${ago(lastSeen.at, now)} in version #${lastSeen.versionNumber} (${lastSeen.runId})`,
    ...(issue.owner === null ? [] : [`owner ${issue.owner}`]),
    ...(regressed === null ? [] : [`came back ${ago(regressed.at, now)} in version #${regressed.versionNumber}`]),
    ...(resolved === null ? [] : [`resolved ${ago(resolved.at, now)} by ${resolved.by}`]),
    ...(ignoredUntil?.at == null ? [] : [`ignored until ${ignoredUntil.at}`]),
    ...(ignoredUntil?.count == null ? [] : [`ignored until there are ${ignoredUntil.count}`]),
    ...(issue.reason === null ? [] : [`because: ${issue.reason}`]),
  ]
  const rows = runs.map((run) => [run.runId, run.version, ago(run.completedAt, now), run.message ?? ""])
  return `${lines.join("\n")}\n${rows.length === 0 ? "" : table(style, ["RUN", "VERSION", "ENDED", "MESSAGE"], rows)}`
}

function stateWord(style: Style, { state, regressed }: Issue): string {
  if (state === "open") return style.red(regressed === null ? "open" : "came back")
  return state === "resolved" ? style.green(state) : state
}
