/** A job of the scheduler over many items, some of which may fail. */
import type { JsonObject } from "../../../core/json.ts"
import { mishap, type Story, scheduler } from "../story.ts"
import { asks, twice } from "./parts.ts"

const report: JsonObject = {
  id: "nightly_report",
  version: "1.0",
  name: "Nightly report",
  description: "Sums every shop up and writes one report.",
  tags: ["reports"],
  inputSchema: { type: "object", properties: { shops: { type: "array" } }, required: ["shops"] },
  start: "sum_up",
  states: [
    {
      name: "sum_up",
      type: "foreach",
      itemsPath: "ctx.shops",
      itemName: "shop",
      maxConcurrency: 4,
      onItemFailure: "continue",
      toleratedFailureCount: 2,
      iterator: { states: [asks("sum_shop", "shop-summer", "Sum {{ shop }} up", null)] },
      resultPath: "steps.sum_up",
      next: "write",
    },
    asks("write", "report-writer", "Write the report", null, { retry: twice }),
  ],
}

export const nightlyReport: Story = {
  workflowId: "nightly_report",
  weight: 3,
  environments: { prod: 1 },
  versions: [{ since: 0, document: report }],
  agents: {
    "shop-summer": {
      typicalMs: 1_100,
      fails: [{ share: 0.05, failure: mishap("external_api", "http_504", "the shop's database did not answer") }],
      output: (_input, random) => ({ revenue: random.between(1_000, 90_000), orders: random.between(10, 800) }),
    },
    "report-writer": {
      typicalMs: 4_500,
      tokens: 6_000,
      model: () => ({ model: "claude-sonnet-4", provider: "anthropic", parameters: { max_tokens: 4096 } }),
      output: (_input, random) => ({ file: `report-${random.hex(6)}.pdf`, pages: random.between(3, 12) }),
    },
  },
  start(random) {
    return {
      input: { shops: Array.from({ length: random.between(6, 12) }, (_, index) => `shop-${index + 1}`) },
      actor: scheduler,
      trigger: "schedule",
      businessEventId: null,
      tags: ["nightly"],
    }
  },
}
