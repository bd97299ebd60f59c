/** A model sorts and drafts, a person sends: the reply waits, is approved, sent back or forgotten. */
import type { JsonObject } from "../../../core/json.ts"
import { key, mishap, person, type Story } from "../story.ts"
import { asks, patient } from "./parts.ts"

function document(version: string): JsonObject {
  return {
    id: "support_triage",
    version,
    name: "Support triage",
    description: "Sorts a message, drafts a reply, and sends it once somebody has read it.",
    tags: ["support"],
    inputSchema: {
      type: "object",
      properties: { ticket: { type: "string" }, text: { type: "string" } },
      required: ["ticket"],
    },
    start: "classify",
    states: [
      asks("classify", "ticket-classifier", "What is this about?", "route", {
        retry: patient,
        variables: { text: "{{ ctx.text ?? null }}" },
      }),
      {
        name: "route",
        type: "switch",
        dataPath: "steps.classify",
        conditions: [{ name: "spam", if: "topic == 'spam'", next: "close" }],
        defaultNext: "draft_reply",
      },
      asks("draft_reply", "reply-drafter", "Draft a reply", "approve_reply", {
        retry: patient,
        timeoutSeconds: 60,
        variables: { ticket: "{{ ctx.ticket }}", topic: "{{ steps.classify.topic }}" },
      }),
      {
        name: "approve_reply",
        type: "operation",
        action: "human.approval",
        input: {
          message: "Send this reply to {{ ctx.ticket }}?",
          summaryPath: "steps.draft_reply",
          approvers: ["team:support"],
          timeoutSeconds: 28_800,
          onTimeout: { next: "close" },
        },
        resultPath: "steps.approval",
        next: "send_reply",
      },
      asks("send_reply", "mail-sender", "Send it", "close", {
        retry: patient,
        variables: { subject: "{{ steps.draft_reply.subject }}" },
      }),
      { name: "close", type: "inject", data: { closed: true }, resultPath: "steps.close", end: true },
    ],
  }
}

export const supportTriage: Story = {
  workflowId: "support_triage",
  weight: 26,
  environments: { prod: 95, dev: 5 },
  versions: [
    { since: 0, document: document("0.9") },
    { since: 0.22, document: document("1.0") },
  ],
  agents: {
    "ticket-classifier": {
      typicalMs: 540,
      tokens: 700,
      model: () => ({ model: "gpt-4o-mini", provider: "openai", parameters: { temperature: 0 } }),
      fails: [{ share: 0.02, failure: mishap("external_api", "http_529", "the model answered 529: overloaded") }],
      output: (_input, random) => ({
        topic: random.weighted({ billing: 30, delivery: 35, product: 25, spam: 10 }),
        urgency: random.between(1, 5),
      }),
    },
    "reply-drafter": {
      typicalMs: 3_900,
      tokens: 3_800,
      model: () => ({ model: "gpt-4o", provider: "openai", parameters: { temperature: 0.4 } }),
      fails: [
        { share: 0.012, failure: "timeout" },
        { share: 0.01, failure: mishap("validation_failed", "bad_output", "the reply is empty") },
      ],
      output: (_input, random) => ({ subject: "Re: your message", words: random.between(40, 260) }),
    },
    "mail-sender": {
      typicalMs: 180,
      fails: [{ share: 0.015, failure: mishap("transient", "econnreset", "read ECONNRESET") }],
      output: (_input, random) => ({ messageId: `<${random.hex(16)}@example.com>` }),
    },
  },
  decides: {
    typicalMs: 900_000,
    people: [person("sam", "support"), person("kim", "support")],
    outcomes: { approve: 86, reject: 8, nobody: 6 },
    comments: { approve: [""], reject: ["Not what was asked.", "Let a person call."] },
  },
  start(random) {
    const ticket = `T-${random.between(10_000, 99_999)}`
    return {
      input: { ticket, text: "Where is my parcel?" },
      actor: key("helpdesk"),
      trigger: "event",
      businessEventId: `helpdesk:ticket#${ticket}`,
      tags: [random.pick(["mail", "chat"])],
    }
  },
}
