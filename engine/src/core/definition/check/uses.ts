/** What each state reads: its paths, templates and expressions, with the object whose keys are names in them (settled 15). */
import { placeholders } from "../../expression/template.ts"
import type { Condition, Path, State, Template } from "../model.ts"
import type { Reading } from "../read/reading.ts"

export interface PathUse {
  readonly kind: "path"
  readonly path: Path
  readonly pointer: string
  /** How the path is written in the text, to find it inside a longer one. */
  readonly source: string | null
}

export interface ConditionUse {
  readonly kind: "condition"
  readonly condition: Condition
  readonly pointer: string
  /** `ctx`: the context's keys are names. A path: those of the value there. Null: those of something unknown here. */
  readonly object: "ctx" | Path | null
  /** Names beyond the common ones. */
  readonly extra: readonly string[]
  /** Sees what the state's own inner block wrote. */
  readonly afterBody: boolean
}

export type Use = PathUse | ConditionUse

export class Uses {
  readonly list: Use[] = []
  private readonly reading: Reading

  constructor(reading: Reading) {
    this.reading = reading
  }

  path(path: Path | null): void {
    if (path) this.list.push({ kind: "path", path, pointer: this.reading.originOf(path), source: null })
  }

  template(...templates: readonly (Template | null)[]): void {
    for (const template of templates) {
      if (!template) continue
      const origin = this.reading.originOf(template)
      for (const { placeholder, pointer } of placeholders(template)) {
        if (placeholder.hasFallback) continue
        this.list.push({ kind: "path", path: placeholder.path, pointer: origin + pointer, source: placeholder.source })
      }
    }
  }

  condition(
    condition: Condition | null,
    object: ConditionUse["object"],
    extra: readonly string[] = [],
    afterBody = false,
  ): void {
    if (condition)
      this.list.push({
        kind: "condition",
        condition,
        pointer: this.reading.originOf(condition),
        object,
        extra,
        afterBody,
      })
  }
}

export function usesOf(reading: Reading, state: State): readonly Use[] {
  const uses = new Uses(reading)
  uses.condition(state.if, "ctx")
  for (const clause of state.catch) uses.condition(clause.if, "ctx", [clause.as])
  uses.condition(state.result.selector, null)
  collect(uses, state)
  return uses.list
}

function collect(uses: Uses, state: State): void {
  switch (state.type) {
    case "operation":
      if (state.action === "agent.run") {
        uses.template(state.agent, state.task, state.variables)
        const { validation } = state
        for (const condition of [validation?.if, validation?.score, validation?.reasons])
          uses.condition(condition ?? null, null)
      } else {
        uses.template(state.message, ...state.approvers)
        uses.path(state.summaryPath)
      }
      return
    case "switch":
      uses.path(state.dataPath)
      for (const condition of state.conditions) uses.condition(condition.if, state.dataPath ?? "ctx")
      return
    case "inject":
      return uses.template(state.data)
    case "foreach":
      if ("path" in state.items) uses.path(state.items.path)
      else uses.template(state.items.inline)
      return uses.condition(state.while, "ctx", [state.itemName, state.indexName])
    case "wait":
      return uses.template("at" in state.until ? state.until.at : "seconds" in state.until ? state.until.seconds : null)
    case "listen":
      return uses.template(state.signal, ...state.correlate.map((item) => item.equals))
    case "emit":
      return uses.template(state.event.type, state.event.source, state.event.subject, state.event.data)
    case "run":
      return uses.template(state.workflow.id, state.workflow.version, state.workflow.input)
    case "loop":
      uses.condition(state.while, "ctx", ["index"], true)
      return uses.condition(state.until, "ctx", ["index"], true)
    case "raise":
      return uses.template(state.error.type, state.error.title, state.error.detail)
    case "parallel":
    case "try":
      return
  }
}
