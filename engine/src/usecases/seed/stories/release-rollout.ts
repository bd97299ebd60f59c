/** A canary, a while of looking, a decision where the numbers ask for one. */
import type { JsonObject } from "../../../core/json.ts"
import { mishap, person, type Story } from "../story.ts"
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
