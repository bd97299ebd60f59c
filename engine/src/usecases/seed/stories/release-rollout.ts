/** A canary, a while of looking, a decision where the numbers ask for one; and a nightly job with many items. */
import type { JsonObject } from "../../../core/json.ts"
import { mishap, person, type Story, scheduler } from "../story.ts"
import { asks, twice } from "./parts.ts"

const rollout: JsonObject = {
  id: "release_rollout",
  version: "3.1",
  name: "Release rollout",
  description: "Brings a release to a few, measures, asks, and brings it to all.",
  tags: ["platform"],
  inputSchema: {
    type: "object",
    properties: { service: { type: "string" }, build: { type: "string" } },
    required: ["service"],
  },
  start: "canary",
  states: [
    asks("canary", "deployer", "Deploy {{ ctx.build }} to five per cent", "soak", { retry: twice }),
    { name: "soak", type: "wait", seconds: 600, next: "measure" },
    asks("measure", "slo-analyzer", "Error rate of {{ ctx.service }}", "decide", { retry: twice }),
    {
      name: "decide",
      type: "switch",
      dataPath: "steps.measure",
      conditions: [{ name: "worse", if: "error_rate > 0.02", next: "go_on" }],
      defaultNext: "everywhere",
    },
    {
      name: "go_on",
      type: "operation",
      action: "human.approval",
      input: {
        message: "Error rate {{ steps.measure.error_rate }} in the canary. Go on?",
        approvers: ["team:platform"],
        timeoutSeconds: 14_400,
      },
      resultPath: "steps.go_on",
      next: "everywhere",
    },
    asks("everywhere", "deployer", "Deploy to all", null, { retry: twice, timeoutSeconds: 300 }),
  ],
}

export const releaseRollout: Story = {
  workflowId: "release_rollout",
  weight: 5,
  environments: { prod: 60, stage: 40 },
  versions: [{ since: 0, document: rollout }],
  agents: {
    deployer: {
      typicalMs: 48_000,
      fails: [
        { share: 0.03, failure: mishap("external_api", "image_pull", "the image cannot be pulled") },
        { share: 0.01, failure: "timeout" },
      ],
      output: (_input, random) => ({ replicas: random.between(2, 40) }),
    },
    "slo-analyzer": {
      typicalMs: 2_400,
      output: (_input, random) => ({ error_rate: random.between(0, 40) / 1_000, p95_ms: random.between(80, 600) }),
    },
  },
  decides: {
    typicalMs: 600_000,
    people: [person("grace", "platform"), person("ivan", "platform")],
    outcomes: { approve: 55, reject: 40, nobody: 5 },
    comments: { approve: ["Known noise of the old version."], reject: ["Rolling back.", "Let us look first."] },
  },
  start(random, number) {
    return {
      input: { service: random.pick(["checkout", "search", "identity"]), build: `build-${1_000 + number}` },
      actor: person("grace", "platform"),
      trigger: "manual",
      businessEventId: null,
      tags: [],
    }
  },
}

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
