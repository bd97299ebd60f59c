/** What a re-run would do, before it does it. */
import type { RerunPlan } from "@waybill/contract"
import { prettyJson } from "./json.ts"
import type { Style } from "./style.ts"
import { fields } from "./table.ts"

export function rerunPlan(style: Style, plan: RerunPlan): string {
  return [
    `nothing started; this is what a re-run of ${style.bold(plan.workflowId)} #${plan.versionNumber} would do\n`,
    fields(style, [
      ["from", plan.from ?? "the start"],
      ["reused", plan.reused.join(", ") || "nothing"],
      ["acts again", plan.actsAgain.join(", ") || "nobody"],
      ...inside(plan),
      ["input", prettyJson(plan.input)],
    ]),
  ].join("")
}

/** Steps inside of states that begin anew as a whole: those that had succeeded are the ones to think about. */
function inside({ steps, stepsCount }: RerunPlan): [string, string][] {
  const nested = steps.filter(({ branchPath }) => branchPath !== "")
  if (nested.length === 0) return []
  const shown = nested.slice(0, shownMax).map(({ branchPath, name, what, agent, status }) => {
    const who = what === "agent" ? (agent ?? "an agent") : what
    return `${branchPath}/${name} (${who}, ${status === "SUCCEEDED" ? "had succeeded" : (status ?? "had not ended")})`
  })
  const more = nested.length - shown.length + (stepsCount - steps.length)
  return [["inside them", [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("\n")]]
}

const shownMax = 20
