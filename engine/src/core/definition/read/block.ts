/** Blocks: a list of states with one way in. The top level, branches, iterators, bodies and clean-ups are all the same. */
import type { Block, State } from "../model.ts"
import type { FieldReader, Node } from "./field-reader.ts"
import { asTarget } from "./names.ts"
import type { Reading } from "./reading.ts"

const STATES_MAX = 5_000

/** `start` and `states` of an object that is open already. */
export function readStates(
  reading: Reading,
  fields: FieldReader,
  { isTop = false }: { readonly isTop?: boolean } = {},
): Block {
  const startNode = fields.take("start")
  const node = fields.take("states")
  if (!node) fields.missing("states")
  const items = (node && fields.asList(node)) ?? []
  if (node && Array.isArray(node.value) && items.length === 0) {
    reading.report.error("invalid_value", { pointer: node.pointer }, "`states` needs at least one state")
  }
  if (items.length > STATES_MAX)
    reading.report.error(
      "invalid_value",
      fields.place("states"),
      `there are at most ${STATES_MAX} states in one list`,
      { actual: items.length },
    )
  const states = collect(reading, items.slice(0, STATES_MAX), isTop)
  const start = (startNode && asTarget(fields, startNode)) ?? states.keys().next().value ?? ""
  return reading.keep({ start, order: [...states.keys()], states }, fields.pointer)
}

/** A field that holds `{start?, states}`. */
export function readBlock(reading: Reading, fields: FieldReader, name: string, what: string): Block | null {
  const node = fields.take(name)
  return node && asBlock(reading, fields, node, what)
}

export function requiredBlock(reading: Reading, fields: FieldReader, name: string, what: string): Block {
  const block = readBlock(reading, fields, name, what)
  if (block) return block
  fields.missing(name, "It holds `states`, as the workflow itself does.")
  return reading.keep({ start: "", order: [], states: new Map() }, fields.pointer)
}

export function asBlock(reading: Reading, fields: FieldReader, node: Node, what: string): Block {
  if (Array.isArray(node.value)) {
    fields.wrongType(node, `${what} is an object with \`states\``, "object", "Put the list under `states:`.")
    return reading.keep({ start: "", order: [], states: new Map() }, node.pointer)
  }
  const inside = fields.open(node, what)
  const block = readStates(reading, inside)
  inside.close()
  return block
}

function collect(reading: Reading, items: readonly Node[], isTop: boolean): Map<string, State> {
  const states = new Map<string, State>()
  items.forEach((item, i) => {
    const state = reading.readState(reading, item, { isLast: i === items.length - 1, isTop })
    const earlier = states.get(state.name)
    if (!earlier) states.set(state.name, state)
    else {
      const message = `the name \`${state.name}\` is used twice in this list`
      reading.report.error("duplicate_name", { pointer: `${item.pointer}/name` }, message, {
        actual: state.name,
        hint: `The first is at ${reading.originOf(earlier)}.`,
      })
    }
  })
  return states
}
