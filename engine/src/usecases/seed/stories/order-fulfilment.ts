/**
 * Stock and money at once, then one parcel a line: branches, items, and services that are down now and then. The newer
 * version books at a carrier that does not go everywhere, and is really worse.
 */
import type { JsonObject } from "../../../core/json.ts"
import { key, mishap, type Story } from "../story.ts"
import { asks, patient, twice } from "./parts.ts"

function document(version: string): JsonObject {
  return {
    id: "order_fulfilment",
    version,
    name: "Order fulfilment",
    description: "Reserves stock, charges the card, packs every line and hands the parcels over.",
    tags: ["orders"],
    timeoutSeconds: 3_600,
    businessEventId: "shop:order#{{ ctx.order }}",
    inputSchema: {
      type: "object",
      properties: { order: { type: "string" }, lines: { type: "array" } },
      required: ["order", "lines"],
    },
    start: "prepare",
    states: [
      {
        name: "prepare",
        type: "parallel",
        branches: [
          {
            name: "stock",
            states: [
              asks("reserve", "stock-keeper", "Reserve what is ordered", null, {
                retry: twice,
                variables: { lines: "{{ ctx.lines }}" },
              }),
            ],
          },
          {
            name: "payment",
            states: [asks("charge", "card-charger", "Charge the card", null, { retry: patient, timeoutSeconds: 20 })],
          },
        ],
        resultPath: "steps.prepare",
        next: "pack",
      },
      {
        name: "pack",
        type: "foreach",
        itemsPath: "ctx.lines",
        itemName: "line",
        maxConcurrency: 3,
        iterator: {
          states: [
            asks("pack_line", "packer", "Pack {{ line.sku }}", null, {
              retry: twice,
              variables: { line: "{{ line }}" },
            }),
          ],
        },
        resultPath: "steps.pack",
        next: "hand_over",
      },
      asks("hand_over", "carrier-booker", "Book the carrier", null, {
        retry: patient,
        variables: { order: "{{ ctx.order }}" },
      }),
    ],
  }
}

export const orderFulfilment: Story = {
  workflowId: "order_fulfilment",
  weight: 18,
  environments: { prod: 92, stage: 8 },
  versions: [
    { since: 0, document: document("2.0") },
    { since: 0.35, document: document("2.1") },
  ],
  agents: {
    "stock-keeper": {
      typicalMs: 35,
      fails: [{ share: 0.03, failure: mishap("validation_failed", "out_of_stock", "SKU A-17 is sold out") }],
      output: (_input, random) => ({ reservation: `res_${random.hex(8)}` }),
    },
    "card-charger": {
      typicalMs: 640,
      fails: [
        { share: 0.05, failure: mishap("policy_denied", "card_declined", "the bank declined the card") },
        { share: 0.02, failure: mishap("external_api", "http_502", "the payment service answered 502") },
        { share: 0.004, failure: "timeout" },
      ],
      output: (_input, random) => ({ charge: `ch_${random.hex(12)}`, amount: random.between(500, 40_000) / 100 }),
    },
    packer: {
      typicalMs: 1_500,
      fails: [{ share: 0.004, failure: mishap("bug", "no_box", "no box is large enough") }],
      output: (_input, random) => ({ parcel: `pa_${random.hex(6)}`, grams: random.between(80, 9_000) }),
    },
    "carrier-booker": {
      typicalMs: 310,
      fails: [
        { share: 0.03, failure: mishap("transient", "econnrefused", "connect ECONNREFUSED 10.2.0.7:443") },
        { share: 0.2, versions: ["2.1"], failure: mishap("bug", "no_service_area", "the carrier does not go there") },
      ],
      output: (_input, random) => ({ tracking: `WB${random.between(10_000_000, 99_999_999)}` }),
    },
  },
  start(random) {
    const lines = Array.from({ length: random.between(1, 4) }, () => ({
      sku: `${random.pick(["A", "B", "C"])}-${random.between(1, 40)}`,
      quantity: random.between(1, 3),
    }))
    return {
      input: { order: String(random.between(100_000, 999_999)), lines },
      actor: key("shop"),
      trigger: "event",
      businessEventId: null,
      tags: [random.pick(["web", "web", "app", "phone"]), ...(random.chance(0.05) ? ["express"] : [])],
    }
  },
}
