/**
 * Documents read by a model, looked at by a person where it is unsure. A release in the middle of the period is broken;
 * the one that mends it also reads scans, which the oldest could not, and is really better.
 */
import type { JsonObject } from "../../../core/json.ts"
import { key, mishap, person, type Story } from "../story.ts"
import { asks, patient, twice } from "./parts.ts"

function document(version: string, threshold: number): JsonObject {
  return {
    id: "invoice_extraction",
    version,
    name: "Invoice extraction",
    description: "Reads an invoice, has it looked at where the model is unsure, and posts it.",
    tags: ["finance"],
    businessEventId: "erp:invoice#{{ ctx.invoice }}",
    inputSchema: {
      type: "object",
      properties: { invoice: { type: "string" }, file: { type: "string" }, pages: { type: "integer" } },
      required: ["invoice", "file"],
    },
    effectiveness: { accuracy: "result.confidence" },
    output: {
      as: {
        total: "{{ steps.extract_fields.total }}",
        currency: "{{ steps.extract_fields.currency }}",
        line_items: "{{ steps.extract_fields.line_items }}",
        confidence: "{{ steps.extract_fields.confidence }}",
      },
    },
    start: "read_document",
    states: [
      asks("read_document", "document-reader", "Read {{ ctx.file }}", "extract_fields", {
        retry: twice,
        variables: { file: "{{ ctx.file }}" },
      }),
      asks("extract_fields", "field-extractor", "Find totals, dates and lines", "check_confidence", {
        retry: patient,
        timeoutSeconds: 45,
        variables: { text: "{{ steps.read_document.text }}" },
        validation: { if: "result.total > 0", score: "result.confidence" },
      }),
      {
        name: "check_confidence",
        type: "switch",
        dataPath: "steps.extract_fields",
        conditions: [{ name: "unsure", if: `confidence < ${threshold}`, next: "review" }],
        defaultNext: "post_to_erp",
      },
      {
        name: "review",
        type: "operation",
        action: "human.approval",
        input: {
          message:
            "Invoice {{ ctx.invoice }}: post {{ steps.extract_fields.total }} {{ steps.extract_fields.currency }}?",
          summaryPath: "steps.extract_fields",
          approvers: ["team:finance"],
          timeoutSeconds: 172_800,
        },
        resultPath: "steps.review",
        next: "post_to_erp",
      },
      asks("post_to_erp", "erp-poster", "Post the invoice", null, {
        retry: patient,
        variables: { total: "{{ steps.extract_fields.total }}" },
      }),
    ],
  }
}

export const invoiceExtraction: Story = {
  workflowId: "invoice_extraction",
  weight: 42,
  environments: { prod: 88, stage: 8, dev: 4 },
  versions: [
    { since: 0, document: document("1.7.0", 0.7) },
    { since: 0.5, document: document("1.8.0", 0.75) },
    { since: 0.58, document: document("1.8.3", 0.75) },
  ],
  agents: {
    "document-reader": {
      typicalMs: 420,
      fails: [
        { share: 0.02, failure: mishap("bug", "unreadable_pdf", "the file is encrypted") },
        { share: 0.01, failure: mishap("transient", "econnreset", "read ECONNRESET") },
        { share: 0.12, versions: ["1.7.0"], failure: mishap("bug", "no_text_layer", "the document is a scan") },
      ],
      output: (_input, random) => ({
        text: "INVOICE …",
        pages: random.between(1, 6),
        language: random.pick(["en", "de"]),
      }),
    },
    "field-extractor": {
      typicalMs: 800,
      tokens: 2_200,
      model: (version) => ({
        model: version === "1.7.0" ? "gpt-4o" : "gpt-4o-mini",
        provider: "openai",
        parameters: { temperature: 0 },
      }),
      fails: [
        {
          share: 0.22,
          versions: ["1.8.0"],
          failure: mishap("bug", "type_error", "Cannot read properties of undefined (reading 'amount')"),
        },
        { share: 0.015, failure: mishap("external_api", "http_429", "the model answered 429: too many requests") },
        { share: 0.006, failure: "timeout" },
        { share: 0.008, failure: mishap("validation_failed", "bad_output", "the answer has no `total`") },
      ],
      output: (_input, random) => ({
        total: random.between(1_000, 900_000) / 100,
        currency: random.pick(["EUR", "USD", "GBP"]),
        line_items: random.between(1, 24),
        vendor: random.pick(["Acme", "Globex", "Initech", "Umbrella", "Hooli"]),
        confidence: random.chance(0.12) ? random.between(40, 74) / 100 : random.between(80, 99) / 100,
      }),
    },
    "erp-poster": {
      typicalMs: 260,
      fails: [
        { share: 0.03, failure: mishap("external_api", "http_503", "the ERP answered 503: it is being backed up") },
        { share: 0.02, failure: mishap("policy_denied", "period_closed", "the period of this invoice is closed") },
      ],
      output: (_input, random) => ({ document: `5${random.between(100_000_000, 999_999_999)}` }),
    },
  },
  decides: {
    typicalMs: 2_400_000,
    people: [person("ada", "finance"), person("lin", "finance"), person("omar", "finance")],
    outcomes: { approve: 90, reject: 7, nobody: 3 },
    comments: {
      approve: ["", "", "Totals match the order."],
      reject: ["This is a reminder, not an invoice.", "Wrong vendor."],
    },
  },
  start(random) {
    const invoice = String(random.between(90_000, 99_999))
    return {
      input: { invoice, file: `invoice_${invoice}.pdf`, pages: random.between(1, 6) },
      actor: key("erp"),
      trigger: "api",
      businessEventId: null,
      tags: [
        "invoice",
        random.pick(["region:eu", "region:us", "region:apac"]),
        ...(random.chance(0.08) ? ["priority"] : []),
      ],
    }
  },
}
