/** How long what is kept, as a terminal shows it. */
import type {
  ArchivedBatchPage,
  PurgeReport,
  Retention,
  RetentionDays,
  RetentionPreview,
  RunErased,
} from "@waybill/contract"
import type { Style } from "./style.ts"
import { table } from "./table.ts"

export function retentionLine(
  style: Style,
  version: number,
  { logs, io, events, summaries, archive, sampling }: RetentionDays,
): string {
  const which = version === 0 ? "as Waybill does it unasked" : `version ${version}`
  const parts = [`logs ${days(logs)}`, `values ${days(io)}`, `events ${days(events)}`, `summaries ${days(summaries)}`]
  if (archive) parts.push("archived first")
  for (const { workflow, keepOneIn } of sampling?.rules ?? [])
    parts.push(`one in ${keepOneIn.toLocaleString("en")} of ${workflow} after ${sampling!.afterHours} h`)
  return `${style.bold(parts.join(" · "))} · ${which}\n`
}

/** Nothing where nothing was sampled away. */
export function sampledLines({ sampled }: Retention): string {
  const line = ({ workflowId, runs, events, since }: Retention["sampled"][number]) =>
    `sampled away since ${since}: ${runs.toLocaleString("en")} runs of ${workflowId}, ${events.toLocaleString("en")} events\n`
  return sampled.map(line).join("")
}

/** Nothing where there is no archive and never was one. */
export function archiveLine({ archive }: Retention): string {
  const { place, batches, runs, bytes, waits } = archive
  if (place === null && batches === 0 && waits === null) return ""
  const held = `${runs.toLocaleString("en")} runs in ${batches.toLocaleString("en")} batches, ${megabytes(bytes)}`
  const line = `archive ${place ?? "(none is configured now)"} · ${held}\n`
  return waits === null ? line : `${line}waiting since ${waits.since}, next try ${waits.nextTry}: ${waits.reason}\n`
}

export function batchTable(style: Style, { items }: ArchivedBatchPage): string {
  const rows = items.map((batch) => [
    batch.batchId,
    batch.state,
    batch.from,
    batch.to,
    batch.runs.toLocaleString("en"),
    batch.events.toLocaleString("en"),
    megabytes(batch.bytes),
  ])
  return table(style, ["BATCH", "STATE", "FIRST END", "LAST END", "RUNS", "EVENTS", "SIZE"], rows)
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

export function previewTable(style: Style, { classes, archive, sampled }: RetentionPreview): string {
  const rows = classes.map((one) => [
    one.class,
    days(one.days),
    one.until ?? "",
    `${one.runs.exact ? "" : "at least "}${one.runs.value.toLocaleString("en")}`,
    one.oldest ?? "",
    one.newest ?? "",
  ])
  const shown = table(style, ["CLASS", "KEPT", "ENDED BY", "RUNS", "FIRST", "LAST"], rows)
  return `${shown}${sampledLine(sampled)}${archivedLine(archive)}`
}

function archivedLine(archive: RetentionPreview["archive"]): string {
  if (archive === null) return ""
  const { runs, events, bytes } = archive
  return `archived first: ${counted(runs)}, ${events.toLocaleString("en")} events, about ${megabytes(bytes)} uncompressed\n`
}

function sampledLine(sampled: RetentionPreview["sampled"]): string {
  return sampled === null
    ? ""
    : `sampled away before all that: ${counted(sampled.runs)} of those that ended since ${sampled.since}, up to ${sampled.until}\n`
}

function counted({ value, exact }: { readonly value: number; readonly exact: boolean }): string {
  return `${exact ? "" : "at least "}${value.toLocaleString("en")} ${value === 1 ? "run" : "runs"}`
}

export function purgedText({ logs, io, events, summaries, archive, sampled }: PurgeReport): string {
  const said = [
    ...(sampled.runs > 0 ? [`${sampled.runs} runs were sampled away (${sampled.events} events)`] : []),
    `${logs.lines} log lines are gone`,
    `${summaries.runs} runs are gone (${summaries.events} events)`,
    `${events.runs} lost their events (${events.events})`,
    `${io.runs} what ${io.events} events said`,
  ]
  if (archive === null) return `${said.join(", ")}\n`
  const first = `${archive.runs} runs were archived (${megabytes(archive.bytes)})`
  const waits = archive.waits === null ? "" : `the rest waits for the archive: ${archive.waits}\n`
  return `${first}, ${said.join(", ")}\n${waits}`
}

export function erasedText({ runId, state, waits, seq, headHash, batchId }: RunErased): string {
  if (state === "waits") return `${runId} is there still, and goes as soon as that can be done: ${waits}\n`
  const archive = batchId === null ? "" : `; it was taken out of batch ${batchId}, which is written anew`
  return `${runId} is gone${archive}\nleft is its seal: ${seq} events that ended with ${headHash}\n`
}

function days(number: number | null): string {
  return number === null ? "for ever" : `${number} days`
}
