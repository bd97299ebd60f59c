/** The agents of an environment as people see them: those that are loaded, files that are broken, and who is waited for. */
import type { Problem } from "../../core/definition/problem.ts"
import type { Definitions } from "../../door.ts"
import type { AgentContract, AgentProblem } from "../../ports/agent-host.ts"

type Shown = ReturnType<Definitions["agents"]>[number]

export interface AgentsKnown {
  readonly contracts: readonly AgentContract[]
  /** Of the last load. */
  readonly problems: readonly AgentProblem[]
  /** How many steps of running runs wait for an agent, by its name (rule 21). */
  readonly awaited: ReadonlyMap<string, number>
}

export function agentList(environment: string, { contracts, problems, awaited }: AgentsKnown): readonly Shown[] {
  const loaded = contracts
    .filter((agent) => agent.environment === environment)
    .map(({ environment: _environment, ...agent }) => ({
      ...agent,
      // The last good version of a file that broke since goes on serving.
      problems: [...problems.filter(({ file }) => file === agent.file).map(fromLoad), ...waitsFor(agent, awaited)],
    }))
  const broken = problems
    .filter((problem) => !loaded.some((agent) => agent.file === problem.file))
    .map((problem) => unloaded(problem.file, problem.file, [fromLoad(problem)]))
  const gone = [...awaited]
    .filter(([name]) => !loaded.some((agent) => agent.name === name))
    .map(([name, steps]) => unloaded(name, "", [missing(steps)]))
  return [...loaded, ...broken, ...gone]
}

function fromLoad({ file, line, column, code, message }: AgentProblem): Problem {
  return { code, severity: "error", message, file, line, column, pointer: "" }
}

function unloaded(name: string, file: string, problems: readonly Problem[]): Shown {
  return {
    name,
    description: null,
    inputSchema: null,
    outputSchema: null,
    contractHash: "",
    sourceHash: "",
    file,
    problems,
  }
}

function missing(steps: number): Problem {
  return {
    code: "agent_missing",
    severity: "error",
    message: `${counted(steps)} for this agent, and there is none of this name`,
    file: null,
    line: null,
    column: null,
    pointer: "",
    hint: "put its file back, and sync",
  }
}

/** It is there, but those runs began with another contract. */
function waitsFor(
  agent: AgentContract | Omit<AgentContract, "environment">,
  awaited: AgentsKnown["awaited"],
): Problem[] {
  const steps = awaited.get(agent.name)
  if (steps === undefined) return []
  return [
    {
      code: "agent_missing",
      severity: "error",
      message: `${counted(steps)} for this agent with the schemas that it had when their runs began`,
      file: agent.file,
      line: null,
      column: null,
      pointer: "",
      hint: "give it those schemas again, or cancel the runs",
    },
  ]
}

function counted(steps: number): string {
  return steps === 1 ? "1 step waits" : `${steps} steps wait`
}
