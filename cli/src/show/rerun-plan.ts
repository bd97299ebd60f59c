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
      ["input", prettyJson(plan.input)],
    ]),
  ].join("")
}
