/** Agents and their contracts. */
import type { Agent } from "@waybill/contract"
import { findings } from "./findings.ts"
import { prettyJson } from "./json.ts"
import type { Style } from "./style.ts"
import { cut, fields, table } from "./table.ts"

export function agentTable(style: Style, agents: readonly Agent[]): string {
  if (agents.length === 0) return "no agents\n"
  return table(
    style,
    ["AGENT", "STATE", "TAKES", "GIVES", "ABOUT"],
    agents.map((one) => [
      one.name,
      one.problems.length === 0 ? style.green("loaded") : style.red("broken"),
      properties(one.inputSchema),
      properties(one.outputSchema),
      cut(one.problems[0]?.message ?? one.description ?? "", 60),
    ]),
  )
}

/** `namespace, service?` */
function properties(schema: Agent["inputSchema"]): string {
  const names = Object.keys((schema?.properties ?? {}) as object)
  const required = Array.isArray(schema?.required) ? schema.required : []
  return cut(names.map((name) => `${name}${required.includes(name) ? "" : "?"}`).join(", "), 40)
}

export function agentPage(style: Style, agent: Agent): string {
  return [
    `${style.bold(agent.name)}  ${agent.problems.length === 0 ? style.green("loaded") : style.red("broken")}\n`,
    fields(style, [
      ["about", agent.description],
      ["environment", agent.environment],
      ["file", agent.file],
      ["contract", agent.contractHash],
      ["source", agent.sourceHash],
      ["takes", agent.inputSchema === null ? "anything" : prettyJson(agent.inputSchema)],
      ["gives", agent.outputSchema === null ? "anything" : prettyJson(agent.outputSchema)],
    ]),
    agent.problems.length === 0 ? "" : `\n${findings(style, agent.problems, null)}`,
  ].join("")
}
