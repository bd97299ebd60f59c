/** The table of settings in `docs/guides/operating.md`. Run it to write; a test compares. */
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type SettingName, Settings, variables } from "../../server/src/config/settings.ts"

export const operatingFile = new URL("../../docs/guides/operating.md", import.meta.url)

const BEGIN = "<!-- settings: written by scripts/docs/settings.ts -->"
const END = "<!-- settings end -->"

interface Described {
  readonly default?: unknown
  readonly description?: string
  readonly enum?: readonly string[]
}

export function settingsTable(): string {
  const variableOf = new Map(Object.entries(variables).map(([name, { setting }]) => [setting, name]))
  const properties = Settings.properties as unknown as Readonly<Record<SettingName, Described>>
  const rows = (Object.keys(properties) as SettingName[]).map((name) => {
    const { default: preset, description, enum: values } = properties[name]
    const variable = variableOf.get(name)
    const shown = typeof preset === "string" ? preset : JSON.stringify(preset)
    const what = [description, values && `One of ${values.map((value) => `\`${value}\``).join(", ")}.`]
      .filter(Boolean)
      .join(" ")
    return `| \`${name}\` | ${variable === undefined ? "" : `\`${variable}\``} | \`${shown}\` | ${what} |`
  })
  return ["| setting | variable | default | |", "| --- | --- | --- | --- |", ...rows].join("\n")
}

export function operatingPage(): string {
  const text = readFileSync(operatingFile, "utf8")
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin === -1 || end === -1) throw new Error("docs/guides/operating.md has lost the marks of its table")
  return `${text.slice(0, begin + BEGIN.length)}\n\n${settingsTable()}\n\n${text.slice(end)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(operatingFile, operatingPage())
