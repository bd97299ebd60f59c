/** Workflows and their versions. */
import type { VersionSummary, Workflow, WorkflowSummary } from "@waybill/contract"
import { findings } from "./findings.ts"
import { type Style, toned } from "./style.ts"
import { cut, fields, table } from "./table.ts"
import { clock, relative } from "./times.ts"

export function workflowTable(style: Style, workflows: readonly WorkflowSummary[], now: number): string {
  if (workflows.length === 0) return "no workflows\n"
  return table(
    style,
    ["WORKFLOW", "VERSION", "STATUS", "FILES", "RUNS", "LAST RUN", "SUCCESS 30 D"],
    workflows.map((one) => [
      one.workflowId,
      versionOf(one),
      toned(style, one.status),
      one.syncState === "none" ? "" : toned(style, one.syncState),
      String(one.runCount),
      one.lastRunAt === null ? "" : relative(one.lastRunAt, now),
      percent(one.successRate30d),
    ]),
  )
}

/** `1.0 (#7)` (settled 1) */
function versionOf({ version, versionNumber }: WorkflowSummary): string {
  return `${version} (#${versionNumber})`
}

function percent(rate: number | null): string {
  return rate === null ? "" : `${(rate * 100).toFixed(rate === 1 || rate === 0 ? 0 : 1)} %`
}

export function workflowLine(style: Style, one: WorkflowSummary): string {
  return `${style.bold(one.workflowId)} in ${one.environment} is ${toned(style, one.status)} at ${versionOf(one)}\n`
}

export function workflowPage(style: Style, workflow: Workflow, now: number): string {
  return [
    `${style.bold(workflow.workflowId)}  ${toned(style, workflow.status)}\n`,
    fields(style, [
      ["name", workflow.name],
      ["about", workflow.description],
      ["version", `${versionOf(workflow)} of ${clock(workflow.updatedAt)}`],
      ["environment", workflow.environment],
      ["file", workflow.file === null ? null : `${workflow.file} (${workflow.syncState})`],
      ["runs", runs(workflow, now)],
      ["hash", workflow.hash],
    ]),
    workflow.problems.length === 0
      ? ""
      : `\n${style.bold("problems")}\n${findings(style, workflow.problems, workflow.text)}`,
    `\n${style.bold("states")}\n${stateTable(style, workflow.definition)}`,
  ].join("")
}

function runs({ runCount, lastRunAt, successRate30d }: Workflow, now: number): string {
  const last = lastRunAt === null ? "" : `, the last ${relative(lastRunAt, now)}`
  return `${runCount}${last}${successRate30d === null ? "" : `, ${percent(successRate30d)} succeeded in 30 days`}`
}

type State = { readonly [field: string]: unknown }

function stateTable(style: Style, definition: unknown): string {
  const { states } = (definition ?? {}) as State
  const list = Array.isArray(states) ? (states as readonly State[]) : []
  return table(
    style,
    ["STATE", "TYPE", "NEXT"],
    list.map((state) => [
      word(state.name),
      [word(state.type), word(state.action)].filter(Boolean).join(" "),
      routes(state),
    ]),
  )
}

function routes({ next, end, conditions, defaultNext }: State): string {
  const chosen = Array.isArray(conditions)
    ? (conditions as readonly State[]).map((one) => `${word(one.next)} if ${cut(word(one.if), 40)}`)
    : []
  return [...chosen, word(next), word(defaultNext) && `else ${word(defaultNext)}`, end === true ? "end" : ""]
    .filter(Boolean)
    .join(", ")
}

function word(value: unknown): string {
  return typeof value === "string" ? value : ""
}

export function versionTable(style: Style, versions: readonly VersionSummary[], now: number): string {
  return table(
    style,
    ["#", "VERSION", "MADE", "BY", "HASH", "NOTE"],
    versions.map((one) => [
      String(one.versionNumber),
      one.version,
      relative(one.createdAt, now),
      one.createdBy,
      one.hash.slice(0, 12),
      cut(one.note ?? "", 60),
    ]),
  )
}
