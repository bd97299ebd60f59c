/** What may not be kept, and what is done to it instead (000, "Privacy, Redaction, Retention"). */
import { type Static, Type } from "typebox"
import { answer, json, nullable, oneOf, page, request, text, textOrNull, time } from "./scalars.ts"

export const redactionMethods = ["redact", "hash", "tokenize", "keep"] as const
export const redactionKinds = [
  "input",
  "output",
  "error",
  "signal",
  "form",
  "comment",
  "patch",
  "identifier",
  "log",
] as const
export const redactionDetectors = [
  "aws_access_key",
  "aws_secret_key",
  "azure_key",
  "basic_auth",
  "bearer_token",
  "github_token",
  "gitlab_token",
  "google_api_key",
  "jwt",
  "llm_api_key",
  "npm_token",
  "private_key",
  "secret_assignment",
  "sendgrid_key",
  "slack_token",
  "stripe_key",
  "twilio_key",
  "url_password",
  "secret_field",
  "card",
  "email",
  "iban",
  "ip_address",
  "phone",
  "ssn",
] as const

const method = oneOf(
  redactionMethods,
  "`redact`: gone. `hash`: a keyed digest, equal for equal values. `tokenize`: ciphertext that agents get opened and an admin can open. `keep`: as it is.",
)
const workflowId = nullable(Type.String({ minLength: 1, maxLength: 256, description: "Null: the whole workspace." }))

export const RedactionPolicyBody = Type.Object(
  {
    detectors: Type.Unsafe<{ readonly [name: string]: (typeof redactionMethods)[number] }>({
      type: "object",
      additionalProperties: { type: "string", enum: [...redactionMethods] },
      description: `Of ${redactionDetectors.join(", ")}; those not named: as the wider policy says.`,
    }),
    fields: Type.Array(
      Type.Object({
        path: Type.String({ description: "`customer.email`, `items.*.card`, `**.password`." }),
        method,
        in: Type.Optional(Type.Array(oneOf(redactionKinds), { description: "Absent: wherever it comes in." })),
        label: Type.Optional(Type.String({ description: "What stands in its place; absent: the path's last name." })),
      }),
      { description: "The first that fits a value is the one; a workflow's go before its workspace's." },
    ),
  },
  { title: "RedactionPolicy" },
)
export type RedactionPolicyBody = Static<typeof RedactionPolicyBody>

export const RedactionVersion = answer("RedactionVersion", {
  workflowId: textOrNull,
  version: Type.Integer({ minimum: 1 }),
  policy: nullable(RedactionPolicyBody),
  note: textOrNull,
  at: time,
  by: text,
})
export type RedactionVersion = Static<typeof RedactionVersion>
export const RedactionVersionPage = page("RedactionVersionPage", RedactionVersion)
export type RedactionVersionPage = Static<typeof RedactionVersionPage>

export const EffectiveRedaction = answer("EffectiveRedaction", {
  workflowId: textOrNull,
  version: Type.Integer({ minimum: 0, description: "Of the scope's own policy; 0: it has none." }),
  policy: RedactionPolicyBody,
})
export type EffectiveRedaction = Static<typeof EffectiveRedaction>

/** The server checks `policy` and names each thing that is wrong with it. */
export const PutRedaction = request("PutRedaction", {
  workflowId: Type.Optional(workflowId),
  policy: json("`{detectors, fields}`; null takes the scope's policy back."),
  note: Type.Optional(Type.String({ maxLength: 2_000, description: "Why." })),
  basedOn: Type.Optional(
    Type.Integer({ minimum: 0, description: "The version it was made from: another one since then is 409." }),
  ),
})
export type PutRedaction = Static<typeof PutRedaction>

export const redactionSamplesMax = 100

export const TryRedaction = request("TryRedaction", {
  workflowId: Type.Optional(workflowId),
  policy: Type.Optional(json("Absent: the one that holds.")),
  samples: Type.Array(
    Type.Object({ kind: Type.Optional(oneOf(redactionKinds)), value: json() }, { additionalProperties: false }),
    { minItems: 1, maxItems: redactionSamplesMax },
  ),
})
export type TryRedaction = Static<typeof TryRedaction>

export const TriedRedaction = answer("TriedRedaction", {
  results: Type.Array(
    answer("RedactedSample", {
      value: json("As it would be kept."),
      hits: Type.Array(
        answer("RedactionHit", {
          pointer: text,
          method,
          found: Type.String({ description: "The detector, or the label of the field's rule." }),
          path: nullable(Type.String({ description: "The rule's; null: a detector's." })),
        }),
      ),
    }),
  ),
})
export type TriedRedaction = Static<typeof TriedRedaction>

export const RevealTokens = request("RevealTokens", {
  value: json("A token, a text with tokens in it, or any value."),
  reason: Type.String({ minLength: 1, maxLength: 2_000, description: "It stands in the audit." }),
})
export type RevealTokens = Static<typeof RevealTokens>

export const RevealedTokens = answer("RevealedTokens", {
  value: json(),
  opened: Type.Integer({ minimum: 0, description: "Tokens that were opened; the others stay as they are." }),
})
export type RevealedTokens = Static<typeof RevealedTokens>
