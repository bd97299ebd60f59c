/** Waits for the customer: a signal that comes, comes late, or never. */
import type { JsonObject } from "../../../core/json.ts"
import { mishap, person, type Story } from "../story.ts"
import { asks, patient } from "./parts.ts"

const document: JsonObject = {
  id: "customer_onboarding",
  version: "1.2",
  name: "Customer onboarding",
  description: "Makes an account, waits until the address is confirmed, and sets everything up.",
  tags: ["customers"],
  inputSchema: { type: "object", properties: { customer: { type: "string" } }, required: ["customer"] },
  start: "create_account",
  states: [
    asks("create_account", "account-maker", "Make an account for {{ ctx.customer }}", "confirmed", { retry: patient }),
    {
      name: "confirmed",
      type: "listen",
      signal: "address.confirmed",
      timeoutSeconds: 259_200,
      resultPath: "steps.confirmed",
      next: "set_up",
    },
    asks("set_up", "tenant-builder", "Set the tenant up", null, { retry: patient, timeoutSeconds: 120 }),
  ],
}

export const customerOnboarding: Story = {
  workflowId: "customer_onboarding",
  weight: 8,
  environments: { prod: 90, stage: 10 },
  versions: [{ since: 0, document }],
  agents: {
    "account-maker": {
      typicalMs: 240,
      fails: [{ share: 0.01, failure: mishap("validation_failed", "name_taken", "the name is taken") }],
      output: (_input, random) => ({ account: `acc_${random.hex(10)}` }),
    },
    "tenant-builder": {
      typicalMs: 9_000,
      fails: [{ share: 0.03, failure: mishap("external_api", "http_500", "the identity service answered 500") }],
      output: (_input, random) => ({ tenant: `ten_${random.hex(8)}`, seats: random.between(1, 50) }),
    },
  },
  sends: {
    typicalMs: 5_400_000,
    silence: 0.09,
    data: (_input, random) => ({ via: random.pick(["mail", "sms"]) }),
  },
  start(random, number) {
    return {
      input: { customer: `customer-${number}` },
      actor: person("noor", "sales"),
      trigger: "manual",
      businessEventId: `crm:deal#${random.between(1_000, 9_999)}`,
      tags: [random.pick(["trial", "trial", "paid"])],
    }
  },
}
