/** Does a little work and writes down that it did: one line when it begins, one when it ends. */
import { appendFileSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"

export default {
  name: "ledger",
  inputSchema: {
    type: "object",
    properties: {
      ledger: { type: "string" },
      ms: { type: "number", default: 5 },
      value: {},
      failures: { type: "integer", default: 0 },
    },
    required: ["ledger"],
  },
  async run(input, ctx) {
    const note = (what) =>
      appendFileSync(
        input.ledger,
        `${JSON.stringify({ what, stepId: ctx.stepId, attempt: ctx.attempt, key: ctx.idempotencyKey, at: Date.now() })}\n`,
      )
    note("begin")
    await delay(input.ms, undefined, { signal: ctx.signal })
    if (ctx.attempt <= input.failures)
      throw Object.assign(new Error("not yet"), { class: "transient", code: "not_yet" })
    note("end")
    return { value: input.value ?? null, attempt: ctx.attempt }
  },
}
