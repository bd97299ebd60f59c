/**
 * A definition as boxes and ways: states, the blocks inside those that hold some, and every route between them. It reads
 * the JSON as it was written, with the spellings that the engine reads too, and leaves out what it does not understand:
 * a picture explains a definition and does not check it.
 */
export type Route = "next" | "choice" | "caught" | "timeout" | "rejected" | "rewind"

export type DiagramState = {
  /** Where it stands, whatever item or round: `look/sites/each_site[]/visit`. */
  readonly id: string
  readonly name: string
  readonly type: string
  /** The agent, the workflow, the signal, the condition. */
  readonly detail: string
  readonly blocks: readonly DiagramBlock[]
}

export type DiagramBlock = {
  /** The place of what stands in it: `look/sites`, `each_site[]`; empty at the top. */
  readonly id: string
  /** `branch weather`, `for each site`, `try`; empty at the top. */
  readonly label: string
  readonly start: string | null
  readonly states: readonly DiagramState[]
  readonly ways: readonly Way[]
}

export type Way = {
  /** Ids; the beginning and the end of a block are `START` and `END`. */
  readonly from: string
  readonly to: string
  readonly route: Route
  readonly label: string
}

export const START = "▸start"
export const END = "▸end"

type Doc = { readonly [key: string]: unknown }

export function diagramOf(definition: unknown): DiagramBlock {
  return blockOf(isDoc(definition) ? definition : {}, "", "")
}

function blockOf(doc: Doc, id: string, label: string): DiagramBlock {
  const docs = list(doc.states)
  const place = (name: string) => (id === "" ? name : `${id}/${name}`)
  const names = docs.map(nameOf)
  const states = docs.map((state, at) => stateOf(state, names[at]!, place(names[at]!)))
  const known = new Set(names)
  const start = typeof doc.start === "string" && known.has(doc.start) ? doc.start : (names[0] ?? null)
  const ways = docs.flatMap((state, at) =>
    waysOf(state, at === docs.length - 1).map((way) => ({
      ...way,
      from: place(names[at]!),
      to: way.to === END ? END : place(way.to),
      isKnown: way.to === END || known.has(way.to),
    })),
  )
  const begin = start === null ? [] : [{ from: START, to: place(start), route: "next" as const, label: "" }]
  return {
    id,
    label,
    start,
    states,
    ways: [...begin, ...ways.filter((way) => way.isKnown).map(({ isKnown, ...way }) => way)],
  }
}

function stateOf(doc: Doc, name: string, id: string): DiagramState {
  const type = typeOf(doc)
  return { id, name, type, detail: detailOf(doc, type), blocks: blocksOf(doc, id) }
}

const nameOf = (doc: Doc): string => text(doc.name ?? doc.id)

function typeOf(doc: Doc): string {
  const type = text(doc.type)
  if (type === "operation") return text(doc.action) || type
  return aliases[type] ?? type
}

const aliases: Readonly<Record<string, string>> = {
  set: "inject",
  agent: "agent.run",
  human_approval: "human.approval",
}

function detailOf(doc: Doc, type: string): string {
  const input = docOf(doc.input)
  switch (type) {
    case "agent.run":
      return text(input.agent ?? doc.agent)
    case "human.approval":
      return textsOf(input.approvers).join(", ") || "any operator"
    case "run":
      return text(docOf(doc.workflow).id)
    case "listen":
      return text(doc.signal)
    case "emit":
      return text(docOf(doc.event).type)
    case "wait":
      return doc.until === undefined ? `${text(doc.seconds)} s` : text(doc.until)
    case "foreach":
      return text(doc.itemsPath)
    case "loop":
      return doc.until === undefined
        ? doc.while === undefined
          ? ""
          : `while ${text(doc.while)}`
        : `until ${text(doc.until)}`
    case "raise":
      return text(docOf(doc.error).type)
    default:
      return ""
  }
}

function blocksOf(doc: Doc, id: string): readonly DiagramBlock[] {
  const branches = list(doc.branches).map((branch) =>
    blockOf(branch, `${id}/${nameOf(branch)}`, `branch ${nameOf(branch)}`),
  )
  const single = [
    ["iterator", `${id}[]`, `for each ${text(doc.itemName) || "item"}`],
    ["do", `${id}.do`, "each round"],
    ["try", `${id}.try`, "try"],
    ["finally", `${id}.finally`, "finally"],
    ["onCancel", `${id}.cancel`, "on cancel"],
  ] as const
  return [
    ...branches,
    ...single.flatMap(([field, place, label]) => {
      const inner = doc[field]
      return isDoc(inner) && list(inner.states).length > 0 ? [blockOf(inner, place, label)] : []
    }),
  ]
}

type Bare = { readonly to: string; readonly route: Route; readonly label: string }

function waysOf(doc: Doc, isLast: boolean): readonly Bare[] {
  const input = docOf(doc.input)
  const next = doc.next ?? doc.transition ?? doc.then
  const type = typeOf(doc)
  const choices = list(doc.conditions).map(
    (condition): Bare => ({
      to: text(condition.next ?? condition.then),
      route: "choice",
      label: text(condition.name) || text(condition.if ?? condition.when),
    }),
  )
  const otherwise = typeof doc.defaultNext === "string" ? [way(doc.defaultNext, "choice", "otherwise")] : []
  const onward = typeof next === "string" ? [way(next, "next", choices.length > 0 ? "skipped" : "")] : []
  const endsHere = doc.end === true || (isLast && onward.length === 0)
  const end = endsHere && type !== "switch" && type !== "raise" ? [way(END, "next", "")] : []
  const caught = list(doc.catch).map((clause) =>
    way(text(clause.next), "caught", textsOf(clause.errors).join(", ") || "any error"),
  )
  const onTimeout = docOf(doc.onTimeout ?? input.onTimeout)
  const onReject = docOf(input.onReject ?? doc.onReject)
  const rewinds = list(input.outcomes).flatMap((outcome) =>
    typeof outcome.rewindTo === "string" ? [way(outcome.rewindTo, "rewind", text(outcome.name))] : [],
  )
  return [
    ...choices,
    ...otherwise,
    ...onward,
    ...end,
    ...caught,
    ...(typeof onTimeout.next === "string" ? [way(onTimeout.next, "timeout", "too late")] : []),
    ...(typeof onReject.next === "string" ? [way(onReject.next, "rejected", "rejected")] : []),
    ...rewinds,
  ].filter((one) => one.to !== "")
}

const way = (to: string, route: Route, label: string): Bare => ({ to, route, label })

/** Where a step of a run stands in the picture: without its item, its round and its visit. */
export function placeOf(step: { readonly branchPath: string; readonly name: string }): string {
  const path = step.branchPath
    .replace(/#\d+/g, "")
    .replace(/\.do\[\d+\]/g, ".do")
    .replace(/\[\d+\]/g, "[]")
  return path === "" ? step.name : `${path}/${step.name}`
}

function isDoc(value: unknown): value is Doc {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
const docOf = (value: unknown): Doc => (isDoc(value) ? value : {})
const list = (value: unknown): readonly Doc[] => (Array.isArray(value) ? value.filter(isDoc) : [])
const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : []
const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : ""
