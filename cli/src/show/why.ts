/** Why a run is where it is, on one page: the sentence, the cause, what is different, and the one thing to do. */
import type { Why } from "@waybill/contract"
import { type Style, toned } from "./style.ts"
import { cut, fields } from "./table.ts"
import { clock, durationOr, relative } from "./times.ts"

const valueChars = 60

export function whyPage(style: Style, why: Why, now: number): string {
  return [
    `${style.bold(why.headline)}\n`,
    fields(style, [
      ["run", `${why.runId}  ${toned(style, why.status)}, up to event ${why.seq}`],
      ...causeFields(why, now),
    ]),
    doingLines(style, why, now),
    waitLines(style, why, now),
    why.changed === null ? "" : section(style, "since the last good run", fields(style, changedFields(why.changed))),
    nextLines(style, why),
  ].join("")
}

type Pair = readonly [name: string, value: string | null]

function causeFields({ cause, alike }: Why, now: number): readonly Pair[] {
  if (cause === null) return []
  const { error, attempts, attemptsMax } = cause
  return [
    ["where", cause.path.map(({ name }) => name).join(" → ")],
    ["code", `${error.code}${error.class === undefined ? "" : `, class ${error.class}`}`],
    ["what", error.detail],
    ["attempts", attempts === 0 ? null : `${attempts}${attemptsMax === null ? "" : ` of ${attemptsMax}`}`],
    ["agent", cause.agent],
    ["when", cause.at === null ? null : `${clock(cause.at)} (${relative(cause.at, now)})`],
    ["alike", alike === null || alike.total.value < 2 ? null : `${alikeText(alike, now)}: ${alike.query}`],
  ]
}

function alikeText({ total, since }: NonNullable<Why["alike"]>, now: number): string {
  return `${total.exact ? "" : "at least "}${total.value} runs since ${relative(since, now)}`
}

function doingLines(style: Style, { doing, doingCount }: Why, now: number): string {
  if (doing.length === 0) return ""
  const lines = doing.map(({ name, agent, attempt, since, heartbeatAt, stalled }) => {
    const heard = heartbeatAt === null ? "" : `, last heard ${relative(heartbeatAt, now)}${stalled ? ", stalled" : ""}`
    return `  ${style.cyan(name)} by ${agent}, attempt ${attempt}${since === null ? "" : `, since ${relative(since, now)}`}${heard}\n`
  })
  return section(style, "does", `${lines.join("")}${more(doingCount - doing.length)}`)
}

function waitLines(style: Style, { waits, waitCount }: Why, now: number): string {
  if (waits.length === 0) return ""
  const lines = waits.map(({ kind, name, what, who, since, until, otherwise }) => {
    const parts = [name, what === null ? null : `“${cut(what, valueChars)}”`, who.join(", ")].filter(Boolean).join(" ")
    const times = [
      since === null ? null : `since ${relative(since, now)}`,
      until === null ? null : `until ${clock(until)} (${relative(until, now)})`,
    ]
    const when = times.filter(Boolean).join(", ")
    return `  ${style.yellow(kind)} ${parts}${when === "" ? "" : `, ${when}`}\n    ${style.dim(otherwise)}\n`
  })
  return section(style, "waits for", `${lines.join("")}${more(waitCount - waits.length)}`)
}

function changedFields({
  runId,
  completedAt,
  version,
  input,
  inputTruncated,
  durationMs,
  agents,
  models,
}: NonNullable<Why["changed"]>): readonly Pair[] {
  const changes = input.map(({ pointer, op, from, to }) => {
    const values = [from, to]
      .filter((value) => value !== undefined)
      .map((value) => cut(JSON.stringify(value), valueChars))
    return `${pointer || "/"} ${op}${values.length === 0 ? "" : `: ${values.join(" → ")}`}`
  })
  return [
    ["run", `${runId}, ${clock(completedAt)}`],
    ["version", version === null ? "the same" : `${version.from} → ${version.to}`],
    ["input", [...changes, ...(inputTruncated ? ["…"] : [])].join("\n") || "the same"],
    ["agents", agents.join(", ") || null],
    ["models", models.map(({ step, from, to }) => `${step}: ${from} → ${to}`).join("\n") || null],
    ["duration", `${durationOr(durationMs.from, "–")} → ${durationOr(durationMs.to, "–")}`],
  ]
}

function nextLines(style: Style, { next, runId }: Why): string {
  if (next === null) return ""
  const refused = next.allowed ? "" : `  ${style.red(next.reason ?? "not allowed")}\n`
  const command = next.allowed ? commandOf(next, runId) : null
  return section(
    style,
    "next",
    `  ${style.green(next.label)}: ${next.because}\n${refused}${command === null ? "" : `  ${style.dim(command)}\n`}`,
  )
}

function commandOf(next: NonNullable<Why["next"]>, runId: string): string | null {
  switch (next.action) {
    case "rerun":
      return ["waybill runs rerun", runId, ...changesOf(next), "--reason …"].join(" ")
    case "resume":
      return `waybill runs resume ${runId}`
    case "retry-now":
      return `waybill runs retry ${runId}`
    case "signal":
      return `waybill runs signal ${runId} ${next.signal}`
    case "decide":
      return `waybill approvals show ${next.approvalId}`
    default:
      return null
  }
}

function more(count: number): string {
  return count > 0 ? `  and ${count} more\n` : ""
}

function section(style: Style, title: string, body: string): string {
  return `\n${style.bold(title)}\n${body}`
}

/** What the sentence says is said to the command, too: as it stands it would do the same again. */
function changesOf({ from, version, otherInput }: NonNullable<Why["next"]>): readonly string[] {
  return [
    ...(from === null ? [] : [`--from ${from}`]),
    ...(version === null ? [] : [`--version ${version}`]),
    ...(otherInput ? ["--input-patch '{…}'"] : []),
  ]
}
