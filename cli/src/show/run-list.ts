/** Runs as rows, and as the one line that answers a command. */
import type { RunSummary } from "@waybill/contract"
import { type Style, toned } from "./style.ts"
import { cut, table } from "./table.ts"
import { duration, durationOr, relative } from "./times.ts"

export function runTable(style: Style, runs: readonly RunSummary[], now: number): string {
  if (runs.length === 0) return "no runs\n"
  const isFolded = runs.some((run) => run.folded !== undefined)
  return table(
    style,
    ["RUN", "WORKFLOW", "STATUS", "WHY", "STARTED", "TOOK", ...(isFolded ? ["UNDER IT"] : [])],
    runs.map((run) => [
      run.runId,
      `${run.workflowId} ${versionText(run)}`,
      toned(style, run.status),
      cut([why(run), ...derivedWords(run)].filter((text) => text !== "").join(", "), 48),
      relative(run.startedAt ?? run.createdAt, now),
      run.durationMs === null ? `${took(run, now)} …` : duration(run.durationMs),
      ...(isFolded ? [underIt(run)] : []),
    ]),
  )
}

function underIt({ folded }: RunSummary): string {
  const { duplicates, children } = folded ?? { duplicates: 0, children: 0 }
  const told = [
    duplicates === 0 ? "" : duplicates === 1 ? "1 duplicate" : `${duplicates} duplicates`,
    children === 0 ? "" : children === 1 ? "1 child" : `${children} children`,
  ]
  return told.filter((text) => text !== "").join(", ")
}

/** `1.0 (#7)` (settled 1) */
export function versionText(run: { readonly workflowVersion: string; readonly versionNumber: number }): string {
  return `${run.workflowVersion} (#${run.versionNumber})`
}

function took({ startedAt, createdAt }: RunSummary, now: number): string {
  return duration(Math.max(0, now - Date.parse(startedAt ?? createdAt)))
}

/** What it waits for, or why it ended as it did. */
export function why(run: RunSummary): string {
  if (run.error !== null) return `${run.error.code}${run.error.step === undefined ? "" : ` in ${run.error.step}`}`
  const [first] = run.blockedOn
  if (first === undefined) return run.status === "COMPLETED" ? "" : (run.reason ?? "")
  const more = run.blockedCount > 1 ? ` and ${run.blockedCount - 1} more` : ""
  return `${first.kind}${first.name === null ? "" : ` ${first.name}`}${more}`
}

/** What is seen of it from outside, beside its status: as the pages say it. */
export function derivedWords({ derived }: Pick<RunSummary, "derived">): readonly string[] {
  const { partial, stalled, late } = derived
  return [...(partial ? ["in part"] : []), ...(stalled ? ["stalled"] : []), ...(late ? ["late"] : [])]
}

/** `run_… is PAUSED` */
export function runLine(style: Style, run: RunSummary): string {
  const reason = why(run)
  return `${style.bold(run.runId)} is ${toned(style, run.status)}${reason === "" ? "" : ` (${reason})`}\n`
}

export function startedText(style: Style, run: RunSummary): string {
  const took = run.durationMs === null ? "" : ` after ${durationOr(run.durationMs, "")}`
  return (
    `${style.bold(run.runId)} of ${run.workflowId} ${versionText(run)} is ${toned(style, run.status)}${took}\n` +
    style.dim(`waybill runs watch ${run.runId}\n`)
  )
}
