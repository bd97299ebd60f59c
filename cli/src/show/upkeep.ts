/** What was found, mended or copied. */
import type { BackupReport, FsckReport, RebuildReport, VerifyReport } from "@waybill/contract"
import type { Style } from "./style.ts"
import { table } from "./table.ts"

export function verifyText(style: Style, { runs, events, erased, findings, audit, archive }: VerifyReport): string {
  const kept = audit === null ? "" : `, ${audit.entries.toLocaleString("en")} of the audit`
  const archived = archive === null ? "" : `, ${counted(archive.runs, "run")} in the archive`
  const what = `${counted(runs, "run")}, ${counted(events, "event")}${kept}${archived}`
  const gone = erased > 0 ? `, ${erased} erased as policy asks` : ""
  const rows = [
    ...findings.map(({ runId, seq, what: wrong }) => [runId, String(seq), wrong]),
    ...(audit?.findings ?? []).map(({ workspaceId, number, what: wrong }) => [
      `audit ${workspaceId}`,
      String(number),
      wrong,
    ]),
    ...(archive?.findings ?? []).map(({ batchId, runId, seq, what: wrong }) => [
      runId === "" ? `batch ${batchId}` : runId,
      String(seq),
      wrong,
    ]),
  ]
  if (rows.length === 0) return `${style.green("intact")}: ${what}${gone}\n`
  return `${table(style, ["RUN", "SEQ", "WHAT"], rows)}${style.red("broken")}: ${counted(rows.length, "finding")} in ${what}${gone}\n`
}

/** Nothing is wrong with any chain. */
export function isIntact({ findings, audit, archive }: VerifyReport): boolean {
  return [findings, audit?.findings ?? [], archive?.findings ?? []].every(({ length }) => length === 0)
}

export function fsckText(style: Style, { runs, findings, skipped }: FsckReport): string {
  const left = skipped.length === 0 ? "" : `, ${skipped.length} not checked: what they say has been erased`
  if (findings.length === 0) return `${style.green("sound")}: ${counted(runs, "run")}${left}\n`
  const rows = findings.map(({ invariant, runId, detail }) => [invariant, runId, detail])
  return `${table(style, ["INVARIANT", "RUN", "WHAT"], rows)}${style.red("unsound")}: ${counted(findings.length, "finding")} in ${counted(runs, "run")}\n`
}

export function rebuildText(style: Style, { runs, changed, skipped, recounted, reindexed }: RebuildReport): string {
  const rows = skipped.map(({ runId, why }) => [runId, why])
  const left = skipped.length === 0 ? "" : `, ${skipped.length} left as they are`
  return `${rows.length === 0 ? "" : table(style, ["LEFT", "WHY"], rows)}${style.green("rebuilt")}: ${counted(runs, "run")}, ${changed} differed from their events${left}\n${recounted ? "what was counted of runs is counted anew\n" : ""}${reindexed ? "the index over values is filled anew\n" : ""}`
}

export function backupText(style: Style, { file, bytes, position }: BackupReport): string {
  return `${style.green(file)}: ${sizeText(bytes)}, up to event ${position} of the store\n`
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`
}

/** Bytes → `412 KiB`, `1.3 GiB`. */
export function sizeText(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
  let value = bytes
  let unit = 0
  for (; value >= 1_024 && unit < units.length - 1; unit++) value /= 1_024
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}
