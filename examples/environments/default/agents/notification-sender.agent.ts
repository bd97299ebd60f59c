/**
 * Posts a message to the webhook receiver. The step's effect key goes with it as `idempotency-key`, so that a message
 * delivered twice, or tried again after a lost answer, is posted once.
 */
import { type Agent, AgentError, objectSchema } from "./lib/agent.ts"
import { exampleState } from "./lib/example-state.ts"
import { askOk, isRecord } from "./lib/http.ts"

interface Input {
  readonly channel: string
  readonly summary?: string
  readonly message?: string
}

interface Output {
  readonly delivered: true
  readonly channel: string
  readonly message_id: string
}

const agent: Agent<Input, Output> = {
  name: "notification-sender",
  description: "Posts a summary or a message to a channel of the webhook receiver, once per step.",
  inputSchema: {
    ...objectSchema(
      {
        channel: { type: "string", minLength: 1 },
        summary: { type: "string", minLength: 1 },
        message: { type: "string", minLength: 1 },
      },
      ["summary", "message"],
    ),
    anyOf: [{ required: ["summary"] }, { required: ["message"] }],
  },
  outputSchema: objectSchema({
    delivered: { const: true },
    channel: { type: "string" },
    message_id: { type: "string" },
  }),

  async run({ channel, summary, message }, { task, runId, stepId, effectKey, signal, log }) {
    const text = [message, summary].filter((part) => part !== undefined).join("\n")
    const answer = await askOk(`${(await exampleState()).receiver}/webhooks/chat`, {
      method: "POST",
      headers: { "idempotency-key": effectKey },
      body: { channel, text, task, runId, stepId },
      signal,
    })
    if (!isRecord(answer) || typeof answer.id !== "string") {
      throw new AgentError("external_api", "unexpected_answer", "the receiver did not say which message it kept")
    }
    log.info(`posted to ${channel}`, { messageId: answer.id, duplicate: answer.duplicate === true })
    return { delivered: true, channel, message_id: answer.id }
  },
}

export default agent
