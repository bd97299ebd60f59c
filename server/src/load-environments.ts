/**
 * Files of environments into the engine, at start and, when asked for, whenever they change (settled 18, rule 35).
 * What is broken is told with its place and keeps its last good version; it never stops the server.
 */
import type { Actor, DefinitionProblem, OpenEngine, SyncPlan } from "@waybill/engine"
import { watchEnvironment } from "@waybill/engine/adapters/files/watch-environment"
import type { Logger } from "./log.ts"

const system: Actor = { id: "system", teams: [], role: "system" }

export class EnvironmentLoader {
  private readonly engine: Pick<OpenEngine, "loadEnvironment">
  private readonly log: Logger
  /** One at a time: a change during a load is loaded behind it. */
  private last: Promise<void> = Promise.resolve()

  constructor(engine: Pick<OpenEngine, "loadEnvironment">, log: Logger) {
    this.engine = engine
    this.log = log
  }

  load(environment: string): Promise<void> {
    this.last = this.last.then(() => this.loadNow(environment))
    return this.last
  }

  /** Returns what ends the watching. */
  watch(environment: string, directory: string): () => Promise<void> {
    const stop = watchEnvironment(
      directory,
      () => void this.load(environment),
      (error) => this.log.warn({ environment, err: error }, "the environment's folder cannot be watched any more"),
    )
    return async () => {
      stop()
      await this.last
    }
  }

  private async loadNow(environment: string): Promise<void> {
    try {
      tell(this.log, await this.engine.loadEnvironment(system, environment))
    } catch (error) {
      this.log.error({ environment, err: error }, "the environment could not be loaded; what was loaded before serves")
    }
  }
}

function tell(log: Logger, plan: SyncPlan): void {
  const { environment } = plan
  for (const change of [...plan.changes, ...plan.agents]) {
    for (const problem of change.problems) {
      if (problem.severity !== "hint") log.warn({ environment, code: problem.code }, placed(problem, change.file))
    }
  }
  if (plan.refused !== null) {
    log.warn(
      { environment, code: plan.refused.code },
      [plan.refused.message, plan.refused.hint].filter(Boolean).join(": "),
    )
  }
  const counts = Object.fromEntries(
    ["create", "update", "enable", "disable", "conflict", "invalid"].map((action) => [
      action,
      plan.changes.filter((change) => change.action === action).length,
    ]),
  )
  const agentsOf = (...actions: readonly string[]) =>
    plan.agents.filter(({ action }) => actions.includes(action)).length
  const [broken, gone] = [agentsOf("invalid"), agentsOf("gone")]
  const agents = { agents: plan.agents.length - broken - gone, agentsBroken: broken, agentsGone: gone }
  const trouble = broken === 0 ? "" : `; ${broken} agent ${broken === 1 ? "file is" : "files are"} broken`
  log.info(
    { environment, directory: plan.directory, ...agents, workflows: plan.changes.length, ...counts },
    `environment loaded${trouble}`,
  )
}

function placed({ file, line, column, message, hint }: DefinitionProblem, otherFile: string): string {
  const place = [file ?? otherFile, line, column].filter((part) => part !== null).join(":")
  return `${place}: ${message}${hint === undefined ? "" : `. ${hint}`}`
}
