/**
 * Every YAML block of the docs is a workflow, or a list of states out of one, and is read without a problem. A list is
 * given the rest of a workflow: an id, a start, and an end for each `next` that leads out of the block.
 */
import { parseDefinition } from "@waybill/engine/core/definition/index"
import { expect, test } from "vitest"
import { parse, stringify } from "yaml"
import { documentedBlocks, type FencedBlock, fencedBlocks } from "./fenced-blocks.ts"

type Wrapped = { readonly text: string } | { readonly refused: string }

function wholeWorkflow(block: FencedBlock): Wrapped {
  const document: unknown = parse(block.text)
  if (isRecord(document) && "states" in document) return { text: block.text }
  const states = Array.isArray(document) ? document : [document]
  if (!states.every((state) => isRecord(state) && "name" in state && "type" in state)) {
    return { refused: "neither a workflow nor states of one; give the block another language" }
  }
  const names = new Set(states.map(({ name }) => name))
  const ends = [...new Set(routesOf(states))].filter((name) => !names.has(name))
  const rest = ends.map((name) => ({ name, type: "inject", data: {}, end: true }))
  return {
    text: stringify({
      id: "example",
      version: "1.0",
      name: "Example",
      start: states[0].name,
      states: [...states, ...rest],
    }),
  }
}

/** Names that the states of this level lead to; states inside them have their own scope. */
function routesOf(states: readonly Record<string, unknown>[]): readonly string[] {
  return states.flatMap((state) =>
    namesIn({ ...state, branches: null, iterator: null, do: null, try: null, finally: null }),
  )
}

function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    /^(next|defaultNext)$/.test(key) && typeof inner === "string" ? [inner] : namesIn(inner),
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

const blocks = (await documentedBlocks()).filter(({ language }) => language === "yaml")

test("the docs hold YAML, and it is found", () => {
  expect(blocks.length).toBeGreaterThan(0)
})

test.each(blocks.map((block) => [`${block.page}:${block.line}`, block] as const))(
  "%s is read without a problem",
  (_, block) => {
    const wrapped = wholeWorkflow(block)
    if ("refused" in wrapped) throw new Error(wrapped.refused)
    expect(parseDefinition(wrapped.text, { format: "yaml" }).problems).toEqual([])
  },
)

test("a block with a mistake is told with its place", () => {
  const page = "# x\n\n```yaml\n- name: a\n  type: inject\n  dataa: {}\n  next: b\n```\n"
  const [block] = fencedBlocks("x.md", page)
  expect(block).toMatchObject({ line: 4, language: "yaml" })
  const wrapped = wholeWorkflow(block!)
  if ("refused" in wrapped) throw new Error(wrapped.refused)
  const problems = parseDefinition(wrapped.text, { format: "yaml" }).problems.map(({ message }) => message)
  expect(problems.join("\n")).toContain("dataa")
})
