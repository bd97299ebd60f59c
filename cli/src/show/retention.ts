/** How long what is kept, as a terminal shows it. */
import type { PurgeReport, RetentionDays, RetentionPreview } from "@waybill/contract"
import type { Style } from "./style.ts"
import { table } from "./table.ts"

export function retentionLine(style: Style, version: number, { io, events, summaries }: RetentionDays): string {
  const which = version === 0 ? "as Waybill does it unasked" : `version ${version}`
  const parts = [`values ${days(io)}`, `events ${days(events)}`, `summaries ${days(summaries)}`]
  return `${style.bold(parts.join(" · "))} · ${which}\n`
}

export function previewTable(style: Style, { classes }: RetentionPreview): string {
  const rows = classes.map((one) => [
    one.class,
    days(one.days),
    one.until ?? "",
    `${one.runs.exact ? "" : "at least "}${one.runs.value.toLocaleString("en")}`,
    one.oldest ?? "",
    one.newest ?? "",
  ])
  return table(style, ["CLASS", "KEPT", "ENDED BY", "RUNS", "FIRST", "LAST"], rows)
}

export function purgedText({ io, events, summaries }: PurgeReport): string {
  const said = [
    `${io.runs} runs lost what ${io.events} events said`,
    `${events.runs} their events (${events.events})`,
    `${summaries.runs} are gone`,
  ]
  return `${said.join(", ")}\n`
}

function days(number: number | null): string {
  return number === null ? "for ever" : `${number} days`
}
