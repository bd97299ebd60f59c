/** The table of fields in `docs/reference/query.md`, from the language. Run it to write; a test compares. */
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { queryFields } from "@waybill/engine"

export const queryFile = new URL("../../docs/reference/query.md", import.meta.url)

const BEGIN = "<!-- fields: written by scripts/docs/query-fields.ts from the language -->"
const END = "<!-- fields end -->"

function fieldsTable(): string {
  const rows = queryFields.map(({ name, aliases, about, example, takes }) => {
    const names = [name, ...aliases].map((one) => `\`${one}\``).join(", ")
    const words = "words" in takes ? `: ${takes.words.map((word) => `\`${word}\``).join(", ")}` : ""
    return `| ${names} | ${about}${words} | \`${example}\` |`
  })
  return ["| field | what | example |", "| --- | --- | --- |", ...rows].join("\n")
}

/** The page with the table as it should be. */
export function queryPage(): string {
  const text = readFileSync(queryFile, "utf8")
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin === -1 || end === -1) throw new Error("docs/reference/query.md has lost the marks of its table")
  return `${text.slice(0, begin + BEGIN.length)}\n\n${fieldsTable()}\n\n${text.slice(end)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(queryFile, queryPage())
