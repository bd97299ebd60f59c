/** The context at a point, and who wrote what. */
import type { ContextAt } from "@waybill/contract"
import { prettyJson } from "./json.ts"
import type { Style } from "./style.ts"
import { table } from "./table.ts"

/** @param names of steps by their ids; of one that is not among them the id is told alone */
export function contextPage(style: Style, context: ContextAt, names: ReadonlyMap<string, string>): string {
  const writers = Object.entries(context.writers)
  return [
    `${style.bold(context.runId)} after event ${context.seq}\n`,
    `${prettyJson(context.value)}\n`,
    ...context.scopes.map((scope) => `\n${style.bold(scope.branchPath || scope.scope)}\n${prettyJson(scope.value)}\n`),
    writers.length === 0
      ? ""
      : `\n${table(
          style,
          ["PATH", "WRITTEN BY", "STEP"],
          writers.map(([path, step]) => [path, names.get(step) ?? "", style.dim(step)]),
        )}`,
  ].join("")
}
