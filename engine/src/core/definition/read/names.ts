/** Names that people write and the engine puts into paths, URLs and step ids. */
import { type FieldReader, type Node, nameOf } from "./field-reader.ts"
import type { Reading } from "./reading.ts"

const NAME_MAX = 128
const FORBIDDEN = new Set(["__proto__", "prototype", "constructor"])
/** Words of the expression language, and names that already mean something there (settled 15). */
const RESERVED = new Set(
  "and or not in if else for lambda def return pass break continue load while True False None as assert class del except finally from global import is nonlocal raise try with yield ctx steps input run result workflow".split(
    " ",
  ),
)

/** A state's or branch's name: a line of text without slashes and brackets, which stand between names in a step's place. */
export function asName(reading: Reading, fields: FieldReader, node: Node): string | null {
  const name = fields.asString(node)
  if (name === null) return null
  const wrong = nameProblem(name)
  if (wrong === null) return name
  reading.report.error("invalid_name", { pointer: node.pointer }, `a name ${wrong}`, {
    actual: name,
    hint: "For example `check_pods`.",
  })
  return name
}

function nameProblem(name: string): string | null {
  if (name.trim() === "") return "must not be empty"
  if (name.length > NAME_MAX) return `has at most ${NAME_MAX} characters`
  if (name !== name.trim()) return "must not begin or end with white space"
  if (FORBIDDEN.has(name)) return "must not be a word of the machinery"
  if (/[/[\]]/.test(name)) return "must not hold `/`, `[` or `]`"
  return /\p{Cc}/u.test(name) ? "must not hold control characters" : null
}

/** The id of a workflow: stands in URLs and file names. */
export function asId(reading: Reading, fields: FieldReader, node: Node): string | null {
  const id = fields.asString(node)
  if (id === null || /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(id)) return id
  const better = id
    .trim()
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/g, "")
    .slice(0, NAME_MAX)
  const hint = better === "" ? "For example `incident-triage`." : `For example \`${better}\`.`
  reading.report.error(
    "invalid_name",
    { pointer: node.pointer },
    "an id holds letters, digits, `.`, `_` and `-` only, and begins with a letter or digit",
    { actual: id, hint },
  )
  return id
}

/** A name that templates and expressions use: `itemName`, `indexName`, `as`. */
export function readVariable(reading: Reading, fields: FieldReader, field: string, fallback: string): string {
  const node = fields.take(field)
  const name = node && fields.asString(node)
  if (!node || name === null) return fallback
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || FORBIDDEN.has(name)) {
    reading.report.error(
      "invalid_name",
      { pointer: node.pointer },
      `\`${field}\` is a name that expressions can use: letters, digits and \`_\``,
      { actual: name },
    )
  } else if (RESERVED.has(name)) {
    reading.report.error(
      "invalid_name",
      { pointer: node.pointer },
      `\`${name}\` already means something in expressions`,
      { actual: name, hint: `Choose another name, for example \`${fallback}\`.` },
    )
  }
  return name
}

/** The name of a state to go to; whether it exists is asked when all are known. */
export function asTarget(fields: FieldReader, node: Node): string | null {
  return fields.asString(node, `\`${nameOf(node)}\` is the name of a state.`)
}

export function requiredTarget(fields: FieldReader, name: string, aliases: readonly string[] = []): string | null {
  const node = fields.required(name, aliases)
  return node && asTarget(fields, node)
}
