/**
 * What can be said of the example's workflow files without the engine: they parse, their jumps land, they name agents
 * that exist and give them what their schemas ask for. What the language means is checked where it is implemented.
 */
import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { loadAgents } from "./testing/agents.ts"

interface State {
  readonly name: string
  readonly type: string
  readonly action?: string
  readonly input?: { readonly agent: string; readonly variables?: Readonly<Record<string, unknown>> }
  readonly [field: string]: unknown
}
interface Block {
  readonly start?: string
  readonly states: readonly State[]
}
interface Workflow extends Block {
  readonly id: string
  readonly inputSchema: {
    readonly properties: Readonly<Record<string, { default?: unknown }>>
    readonly required?: readonly string[]
  }
}

const agents = await loadAgents()
const folder = (path: string) => new URL(path, import.meta.url)
const ENVIRONMENT = folder("./environments/default/workflows/")
const FOUR = folder("./workflows/")

const read = (from: URL, file: string): Workflow =>
  parse(readFileSync(new URL(file, from), "utf8"), { uniqueKeys: true, version: "1.2", strict: true }) as Workflow
const files = [ENVIRONMENT, FOUR].flatMap((from) => readdirSync(from).map((file) => [file, read(from, file)] as const))

/** The blocks directly inside a state: branches, iterator, loop body, try and what follows it. */
function inner(state: State): Block[] {
  const branches = (state.branches ?? []) as Block[]
  const blocks = [state.iterator, state.do, state.try, state.finally, state.onCancel] as (Block | undefined)[]
  return [...branches, ...blocks.filter((block) => block !== undefined)]
}

const blocksOf = (block: Block): Block[] => [block, ...block.states.flatMap((state) => inner(state).flatMap(blocksOf))]
const statesOf = (workflow: Workflow) => blocksOf(workflow).flatMap((block) => block.states)

/** Every state that `state` names as what comes after it. */
function targets(state: State): string[] {
  const input = (state.input ?? {}) as { onTimeout?: { next?: string }; onReject?: { next?: string } }
  const clauses = [
    ...((state.conditions ?? []) as { next: string }[]),
    ...((state.catch ?? []) as { next: string }[]),
    state.onTimeout as { next?: string } | undefined,
    input.onTimeout,
    input.onReject,
  ]
  const named = [state.next, state.defaultNext, ...clauses.map((clause) => clause?.next)]
  return named.filter((name): name is string => typeof name === "string")
}

test("incident-triage is 004's complete example, byte for byte", () => {
  const bytes = readFileSync(new URL("incident-triage.workflow.yaml", ENVIRONMENT))
  expect(bytes).toHaveLength(2381)
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(
    "b719ffe3057e29c2310bf2bab719efdd29f365b7d792810af0534c16cc895209",
  )
})

test("002's four workflows are there under their names, with the steps it lists", () => {
  const steps = Object.fromEntries(
    readdirSync(FOUR).map((file) => [file, read(FOUR, file).states.map((state) => state.name)]),
  )
  expect(steps).toEqual({
    "basic_sequence.json": ["initialize", "process", "finalize"],
    "parallel_processing.json": ["data_preparation", "process_branches", "merge_results"],
    "conditional_workflow.json": [
      "evaluate_condition",
      "fast_process",
      "standard_process",
      "thorough_process",
      "aggregate_results",
    ],
    "data_pipeline.json": [
      "validate_source",
      "extract_data",
      "transform_data",
      "validate_transformation",
      "load_data",
      "post_load_validation",
      "cleanup",
    ],
  })
  const [, parallel] = read(FOUR, "parallel_processing.json").states
  expect((parallel!.branches as { name: string }[]).map((branch) => branch.name)).toEqual([
    "branch_a",
    "branch_b",
    "branch_c",
  ])
})

test.each(readdirSync(FOUR))("%s can be started with an empty input", (file) => {
  const { inputSchema } = read(FOUR, file)
  expect(inputSchema.required ?? []).toEqual([])
  for (const property of Object.values(inputSchema.properties)) expect(property).toHaveProperty("default")
})

describe.each(files)("%s", (file, workflow) => {
  test("is named after its id", () => {
    expect(file).toMatch(new RegExp(`^${workflow.id}\\.(json|workflow\\.yaml)$`))
  })

  test("every jump lands in its own block, and every state is reached", () => {
    for (const block of blocksOf(workflow)) {
      const names = block.states.map((state) => state.name)
      expect(new Set(names).size).toBe(names.length)
      const reached = new Set([block.start ?? names[0]!])
      for (const name of reached) {
        const state = block.states.find((candidate) => candidate.name === name)
        expect(state, `${name} is not in its block`).toBeDefined()
        for (const target of targets(state!)) reached.add(target)
      }
      expect([...reached].sort()).toEqual([...names].sort())
    }
  })

  test("every agent exists and is given what its input schema asks for", () => {
    const root = Object.keys(workflow.inputSchema.properties)
    for (const { name, action, input } of statesOf(workflow)) {
      if (action !== "agent.run") continue
      const schema = agents.get(input?.agent ?? "")?.agent.inputSchema as
        | { properties: Record<string, unknown>; required?: string[] }
        | undefined
      expect(schema, `${name}: there is no agent ${input?.agent}`).toBeDefined()
      const given = Object.keys(input?.variables ?? {})
      const declared = Object.keys(schema?.properties ?? {})
      expect(declared, `${name} of ${workflow.id}`).toEqual(expect.arrayContaining(given))
      expect([...given, ...root], `${name} of ${workflow.id}`).toEqual(expect.arrayContaining(schema?.required ?? []))
    }
  })
})

test("every agent is used by a workflow, and its file is named after it", () => {
  const used = new Set(files.flatMap(([, workflow]) => statesOf(workflow).map((state) => state.input?.agent)))
  for (const [name, { file }] of agents) {
    expect(file).toBe(`${name}.agent.ts`)
    expect(used).toContain(name)
  }
})
