/** What a sync did, or would do. */
import type { Finding, SyncPlan } from "@waybill/contract"
import { countOf, findings } from "./findings.ts"
import { type Style, toned } from "./style.ts"
import { table } from "./table.ts"

interface Row {
  readonly kind: "workflow" | "agent"
  readonly name: string
  readonly action: string
  readonly versions: string
  readonly file: string
  readonly problems: readonly Finding[]
}

export function syncPlan(style: Style, plan: SyncPlan): string {
  const rows = rowsOf(plan)
  const news = rows.filter(({ action }) => action !== "unchanged")
  const same = rows.length - news.length
  return [
    `${style.bold(plan.environment)} from ${plan.directory}\n`,
    planTable(style, news),
    problemsOf(style, rows),
    `${summary(style, plan, news.length, same)}\n`,
  ].join("")
}

/** Only what is new, for `--watch`; empty when there is nothing. */
export function syncNews(style: Style, plan: SyncPlan): string {
  const news = rowsOf(plan).filter(({ action }) => action !== "unchanged")
  return news.length === 0 ? "" : planTable(style, news) + problemsOf(style, news)
}

function rowsOf(plan: SyncPlan): readonly Row[] {
  const workflows = plan.changes.map(
    ({ workflowId, action, from, to, file, problems }): Row => ({
      kind: "workflow",
      name: workflowId,
      action,
      versions: from === to || to === null ? (from ?? "") : from === null ? to : `${from} → ${to}`,
      file,
      problems,
    }),
  )
  const agents = plan.agents.map((agent): Row => ({ kind: "agent", versions: "", ...agent }))
  return [...workflows, ...agents]
}

function planTable(style: Style, rows: readonly Row[]): string {
  if (rows.length === 0) return ""
  return table(
    style,
    ["ACTION", "WHAT", "NAME", "VERSION", "FILE"],
    rows.map(({ action, kind, name, versions, file }) => [toned(style, action), kind, name, versions, file]),
  )
}

function problemsOf(style: Style, rows: readonly Row[]): string {
  const all = rows.flatMap(({ problems }) => problems)
  return all.length === 0 ? "" : `\n${findings(style, all, null)}\n${countOf(all)}\n`
}

function summary(style: Style, plan: SyncPlan, news: number, same: number): string {
  if (plan.refused !== null) {
    const hint = plan.refused.hint === undefined ? "" : `\n  ${style.dim("hint")} ${plan.refused.hint}`
    return `${style.red("nothing applied")}: ${plan.refused.message}${hint}`
  }
  if (news === 0) return `nothing to do, ${same} as their files are`
  return `${plan.applied ? style.green("applied") : style.yellow("not applied, this is only the plan")}, ${same} unchanged`
}
