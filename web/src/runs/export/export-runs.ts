/** Runs as a file. Those that were named are asked for in parts, as many as an address takes, and put together again. */
import type { Query } from "@waybill/sdk"
import type { Chosen } from "../selection/chosen.ts"

export const exportFormats = ["csv", "json", "ndjson"] as const
export type ExportFormat = (typeof exportFormats)[number]

const IDS_A_PART = 200

/** What is asked for, part by part. */
export function exportParts(chosen: Chosen, format: ExportFormat): readonly Query[] {
  if (chosen.kind === "all") return [{ format, query: chosen.query }]
  const ids = [...chosen.ids]
  const parts = Math.ceil(ids.length / IDS_A_PART)
  return Array.from({ length: parts }, (_, part) => {
    return { format, runIds: ids.slice(part * IDS_A_PART, (part + 1) * IDS_A_PART) }
  })
}

/** One file out of several: CSV has one head, JSON is one list. */
export function joinedFiles(files: readonly string[], format: ExportFormat): string {
  const [first = "", ...rest] = files
  if (rest.length === 0) return first
  switch (format) {
    case "csv":
      return [first, ...rest.map((file) => file.slice(file.indexOf("\n") + 1))].join("")
    case "json":
      return JSON.stringify(files.flatMap((file) => JSON.parse(file) as unknown[]))
    case "ndjson":
      return files.join("")
  }
}

export function exportName(format: ExportFormat, now: Date): string {
  return `waybill-runs-${now.toISOString().slice(0, 19).replaceAll(":", "-")}Z.${format}`
}
