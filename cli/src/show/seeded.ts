/** What became of each file, and of a history that was made up. */
import type { HistoryReport } from "../offline/seed-history.ts"
import type { Seeded } from "../seed-workflows.ts"
import { failureText } from "./failure.ts"
import type { Style } from "./style.ts"
import { table } from "./table.ts"

export function seedText(style: Style, seeded: readonly Seeded[]): string {
  const rows = seeded.map(({ file, workflowId, action, versionNumber }) => [
    file,
    workflowId ?? "",
    action === "failed"
      ? style.red(action)
      : action === "created" || action === "new version"
        ? style.green(action)
        : style.dim(action),
    versionNumber === null ? "" : `#${versionNumber}`,
  ])
  const failures = seeded.flatMap(({ file, failure }) =>
    failure === null ? [] : [`\n${file}\n${failureText(style, failure)}`],
  )
  return table(style, ["FILE", "WORKFLOW", "ACTION", "VERSION"], rows) + failures.join("")
}

export function historyText(style: Style, report: HistoryReport): string {
  const { runs, events, workflows, byStatus, seed, from, until, dataDir, durationMs } = report
  const statuses = Object.entries(byStatus).sort(([, a], [, b]) => b - a)
  const perSecond = Math.round((runs / Math.max(1, durationMs)) * 1_000)
  return [
    `${runs} runs of ${workflows} workflows, ${events} events, from ${from} to ${until} (seed ${seed})`,
    statuses.map(([status, count]) => `${count} ${status}`).join(", "),
    style.dim(`in ${dataDir}, ${perSecond} runs a second`),
    "",
  ].join("\n")
}
