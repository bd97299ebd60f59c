/** The environment that is measured: one trivial code agent, and the definitions of each question, as files. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** They do as little as a step can, so that what is measured is the way to it and back. */
const agents = ["add", "first", "second", "third"]

const agentFile = (name: string) => `export default { name: "${name}", run: async ({ n }) => ({ n: n + 1 }) }\n`

const step = (name: string, n: string, to: { next: string } | { end: true }, agent = "add") => ({
  name,
  type: "operation",
  action: "agent.run",
  input: { agent, variables: { n } },
  resultPath: `steps.${name}`,
  ...to,
})

/** `count` steps in a row, each reading what the one before it wrote. */
function chain(id: string, count: number, agentOf: (index: number) => string = () => "add") {
  const names = Array.from({ length: count }, (_, index) => `s${index + 1}`)
  return {
    id,
    version: "1",
    name: `${count} steps in a row`,
    start: names[0],
    states: names.map((name, index) => {
      const n = index === 0 ? "{{ ctx.n }}" : `{{ steps.${names[index - 1]}.n }}`
      const next = names[index + 1]
      return step(name, n, next === undefined ? { end: true } : { next }, agentOf(index))
    }),
  }
}

/** Longer than a file can list: the same step again and again, each round reading what the last one wrote. */
function rounds(id: string, count: number) {
  return {
    id,
    version: "1",
    name: `${count} rounds of one step`,
    start: "repeat",
    states: [
      {
        name: "repeat",
        type: "loop",
        maxIterations: count,
        do: {
          start: "step",
          states: [{ ...step("step", "{{ ctx.n }}", { end: true }), resultPath: "ctx", resultMode: "merge" }],
        },
        end: true,
      },
    ],
  }
}

function fan(id: string, count: number) {
  const branches = Array.from({ length: count }, (_, index) => ({
    name: `b${index + 1}`,
    states: [step("work", "{{ ctx.n }}", { end: true })],
  }))
  return {
    id,
    version: "1",
    name: `${count} steps at once`,
    start: "both",
    states: [{ name: "both", type: "parallel", branches, resultPath: "steps.both", end: true }],
  }
}

/** Waits for the signal `go`, then does one step. */
const gate = {
  id: "gate",
  version: "1",
  name: "A signal, then a step",
  start: "hear",
  states: [
    { name: "hear", type: "listen", signal: "go", resultPath: "steps.go", next: "work" },
    step("work", "{{ steps.go.n }}", { end: true }),
  ],
}

/** Fails in its second step. */
const breaks = {
  id: "breaks",
  version: "1",
  name: "Breaks",
  start: "first",
  states: [
    step("first", "1", { next: "second" }),
    { name: "second", type: "raise", error: { type: "bug", title: "It broke", detail: "as it was asked to" } },
  ],
}

const each = {
  id: "each",
  version: "1",
  name: "One step an item",
  start: "each",
  states: [
    {
      name: "each",
      type: "foreach",
      itemsPath: "ctx.items",
      itemName: "item",
      maxConcurrency: 1_000,
      iterator: { start: "work", states: [step("work", "{{ item }}", { end: true })] },
      end: true,
    },
  ],
}

export const workflows = [
  chain("one-step", 1),
  // An agent a step, as in a real workflow; an agent has 256 slots.
  chain("three-steps", 3, (index) => agents[index + 1]!),
  chain("three-steps-one-agent", 3),
  chain("thousand-steps", 1_000),
  rounds("ten-thousand-rounds", 10_000),
  fan("hundred-at-once", 100),
  gate,
  breaks,
  each,
]

/** Writes the environment `default` under `folder`. */
export function writeEnvironments(folder: string): void {
  const directory = join(folder, "default")
  mkdirSync(join(directory, "agents"), { recursive: true })
  mkdirSync(join(directory, "workflows"), { recursive: true })
  for (const name of agents) writeFileSync(join(directory, "agents", `${name}.agent.js`), agentFile(name))
  for (const workflow of workflows)
    writeFileSync(join(directory, "workflows", `${workflow.id}.workflow.json`), JSON.stringify(workflow))
}
