/** One run on one page: where it stands, what it waits for, what it did. */
import type { Run, Step } from "@waybill/contract"
import { errorFields } from "./error-fields.ts"
import { prettyJson } from "./json.ts"
import { derivedWords, versionText } from "./run-list.ts"
import { resolutionText } from "./standing.ts"
import { stepTable } from "./steps.ts"
import { type Style, toned } from "./style.ts"
import { fields } from "./table.ts"
import { clock, duration, relative } from "./times.ts"

export function runPage(style: Style, run: Run, steps: readonly Step[], now: number): string {
  return [
    `${style.bold(run.runId)}  ${toned(style, run.status)}\n`,
    fields(style, [
      ["workflow", `${run.workflowName} — ${run.workflowId} ${versionText(run)}, execution ${run.executionNumber}`],
      ["where", `${run.environment}, workspace ${run.workspaceId}, project ${run.projectId}`],
      ["why", whyText(run)],
      ["started", `${clock(run.startedAt ?? run.createdAt)} by ${run.actor} (${run.trigger.kind})`],
      ["ended", ended(run)],
      ["tags", run.tags.join(", ")],
      ["owner", run.owner],
      ["resolution", resolutionText(run.resolution)],
      ["notes", run.annotationCount === 0 ? null : String(run.annotationCount)],
      ["about", run.businessEventId],
      ["trace", run.traceId],
      ["parent", run.parentRunId],
      ["re-run of", run.rerunOf],
      ["used", used(run)],
    ]),
    waits(style, run, now),
    run.error === null ? "" : section(style, "error", fields(style, errorFields(run.error))),
    section(style, "steps", stepTable(style, steps, now)),
    section(style, "input", indented(run.input)),
    run.output === null ? "" : section(style, "output", indented(run.output)),
    actions(style, run),
  ].join("")
}

function whyText(run: Run): string | null {
  const words = [...(run.status === "COMPLETED" || run.reason === null ? [] : [run.reason]), ...derivedWords(run)]
  return words.length === 0 ? null : words.join(", ")
}

function ended(run: Run): string | null {
  return run.completedAt === null ? null : `${clock(run.completedAt)}, after ${duration(run.durationMs ?? 0)}`
}

function used({ usage }: Run): string | null {
  const parts = [
    ...(usage.tokens > 0 ? [`${usage.tokens} tokens`] : []),
    ...(usage.computeMs > 0 ? [`${duration(usage.computeMs)} of computing`] : []),
    ...(usage.costUsd > 0 ? [`$${usage.costUsd.toFixed(4)}`] : []),
  ]
  return parts.length === 0 ? null : parts.join(", ")
}

function waits(style: Style, run: Run, now: number): string {
  if (run.blockedOn.length === 0) return ""
  const lines = run.blockedOn.map((block) => {
    const since = block.since === null ? "" : `, since ${relative(block.since, now)}`
    const until = block.until === null ? "" : `, until ${clock(block.until)} (${relative(block.until, now)})`
    return `  ${style.yellow(block.kind)}${whoAndWhere(block)}${since}${until}\n`
  })
  const more = run.blockedCount - run.blockedOn.length
  return section(style, "waits for", lines.join("") + (more > 0 ? `  and ${more} more\n` : ""))
}

/** `signal “released” at wait_for_release`, `approval at gate of team:sre` */
function whoAndWhere({ kind, name, who }: Run["blockedOn"][number]): string {
  const people = Array.isArray(who) ? who.join(", ") : ""
  const place = name === null ? "" : ` at ${name}`
  if (kind === "operator") return `${place}: its attempts are used up; \`retry-now\` lets it try again`
  if (people === "") return place
  return kind === "signal" ? ` “${people}”${place}` : `${place} of ${people}`
}

function actions(style: Style, run: Run): string {
  const allowed = run.actions.filter(({ allowed: may }) => may).map(({ name }) => name)
  return allowed.length === 0 ? "" : `\n${style.dim(`you may: ${allowed.join(", ")}`)}\n`
}

function section(style: Style, title: string, body: string): string {
  return `\n${style.bold(title)}\n${body}`
}

function indented(value: unknown): string {
  return `  ${prettyJson(value).replace(/\n/g, "\n  ")}\n`
}
