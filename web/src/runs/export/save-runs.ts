import { api } from "../../data/api.ts"
import type { Chosen } from "../selection/chosen.ts"
import { type ExportFormat, exportName, exportParts, joinedFiles } from "./export-runs.ts"

/** Asks for the file with the key of these pages, which a link would not carry, and saves it. Returns its name. */
export async function saveRuns(chosen: Chosen, format: ExportFormat): Promise<string> {
  const parts = exportParts(chosen, format)
  const files: Blob[] = []
  for (const part of parts) files.push(await (await api().runs.export(part)).blob())
  const name = exportName(format, new Date())
  save(files.length === 1 ? files[0]! : await joined(files, format), name)
  return name
}

const types = { csv: "text/csv", json: "application/json", ndjson: "application/x-ndjson" } as const

async function joined(files: readonly Blob[], format: ExportFormat): Promise<Blob> {
  const texts = await Promise.all(files.map((file) => file.text()))
  return new Blob([joinedFiles(texts, format)], { type: types[format] })
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = Object.assign(document.createElement("a"), { href: url, download: name })
  link.click()
  // The browser has taken it up by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
