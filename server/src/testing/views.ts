/** Views for the tests of the doors, as full as they can be: a field that the document forgets does not compile. */
import type { Lineage, StepContext, TimelinePage, WhyView, WorkflowStats } from "@waybill/engine"
import { AT } from "./rows.ts"

const error = {
  type: "waybill:http_503",
  class: "external_api",
  code: "http_503",
  title: "Another service failed",
  detail: "the till is closed",
} as const
const place = { runId: "run_1", stepId: "step_1", name: "charge", type: "agent.run", branchPath: "pay/card" }

export function whyView(given: Partial<WhyView> = {}): WhyView {
  return {
    runId: "run_1",
    seq: 12,
    status: "FAILED",
    headline: "charge in pay/card failed after 3 attempts: the till is closed",
    cause: {
      step: place,
      path: [{ ...place, stepId: "step_0", name: "pay", type: "parallel", branchPath: "" }, place],
      error,
      attempts: 3,
      attemptsMax: 3,
      at: AT,
      agent: "till",
    },
    ended: null,
    changed: {
      runId: "run_0",
      completedAt: AT - 1_000,
      version: { from: "1.0 (#1)", to: "1.1 (#2)" },
      input: [{ pointer: "/amount", op: "changed", from: 1, to: 2 }],
      inputTruncated: false,
      durationMs: { from: 10, to: 20 },
      agents: ["till"],
      models: [{ step: "charge", from: "gpt-4o", to: "gpt-4o-mini" }],
    },
    alike: {
      issueId: "iss_1",
      total: { value: 4, exact: true },
      since: AT - 500,
      query: "wf:greet code:http_503",
    },
    waits: [
      {
        kind: "approval",
        stepId: "step_2",
        name: "gate",
        branchPath: "",
        who: ["team:sre"],
        what: "Go on?",
        since: AT,
        until: AT + 1_000,
        otherwise: "Then the run ends as timed out.",
        approvalId: "appr_1",
        attempt: null,
        attemptsMax: null,
        error: null,
      },
    ],
    waitCount: 1,
    doing: [
      {
        stepId: "step_3",
        name: "work",
        branchPath: "",
        agent: "worker",
        attempt: 1,
        attemptsMax: 2,
        since: AT,
        heartbeatAt: AT + 5,
        stalled: false,
      },
    ],
    doingCount: 1,
    next: {
      action: "rerun",
      label: "Run it again from pay",
      because: "The failure may have passed",
      allowed: true,
      reason: null,
      approvalId: null,
      stepId: null,
      from: "failed",
      version: null,
      otherInput: false,
      signal: null,
    },
    ...given,
  }
}

export function timelinePage(): TimelinePage {
  return {
    seq: 2,
    lanes: JSON.stringify([
      {
        id: "step_1",
        seq: 2,
        name: "hello",
        type: "agent.run",
        parent: null,
        branchPath: "each[3]",
        index: [3],
        visit: 1,
        status: "RUNNING",
        agent: "greeter",
        attempts: 2,
        retries: 1,
        errorCode: "http_503",
        from: new Date(AT).toISOString(),
        to: null,
      },
    ]),
    segments: JSON.stringify([
      { lane: "step_1", kind: "running", attempt: 2, from: new Date(AT).toISOString(), to: null, outcome: null },
    ]),
    next: 2,
  }
}

export function stepContext(): StepContext {
  return {
    stepId: "step_1",
    writes: [{ seq: 7, path: "steps.hello", mode: "replace", branchPath: "" }],
    changes: [
      { pointer: "/steps/hello", op: "added", to: { fine: true }, writer: null, large: false },
      { pointer: "/n", op: "changed", from: 1, to: 2, writer: "step_0", large: false },
    ],
    truncated: false,
  }
}

export function lineage(): Lineage {
  const relative = { workflowId: "greet", workflowName: "Greet", createdAt: AT, via: "run_1", distance: 1 } as const
  return {
    runId: "run_1",
    rootRunId: "run_0",
    relatives: [
      { ...relative, runId: "run_0", status: "RUNNING", completedAt: null, relation: "parent", circular: true },
      { ...relative, runId: "run_2", status: "FAILED", completedAt: AT + 5, relation: "rerun_of", circular: false },
    ],
    truncated: false,
  }
}

export function workflowStats(): WorkflowStats {
  return {
    total: { value: 3, exact: true },
    byStatus: { COMPLETED: 2, FAILED: 1 },
    successRate: 2 / 3,
    durationMs: { mean: 15, p50: 10, p95: 20 },
    states: [
      { path: "each/charge", name: "charge", type: "agent.run", entered: 7, failed: 1, retries: 2, p50Ms: 5, p95Ms: 9 },
    ],
    sampledRuns: 3,
  }
}
