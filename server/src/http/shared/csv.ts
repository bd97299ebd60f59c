/**
 * Cells and lines of CSV (RFC 4180). A cell that a spreadsheet would take for a formula gets an apostrophe in front: what
 * people and agents have written must not act when somebody opens the file.
 */
export type Cell = string | number | null

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`
}

export function csvCell(value: Cell): string {
  if (value === null) return ""
  if (typeof value === "number") return String(value)
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n]|^['\s]|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
