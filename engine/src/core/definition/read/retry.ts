/** Retry policies: written in place, or named and kept under `use.retries` (dsl.md §4, settled 7). */
import type { RetryPolicy } from "../model.ts"
import { didYouMean } from "./did-you-mean.ts"
import type { FieldReader, Node } from "./field-reader.ts"
import type { Reading } from "./reading.ts"

const ATTEMPTS_MAX = 1_000

export function readRetry(reading: Reading, fields: FieldReader): RetryPolicy | null {
  const node = fields.take("retry")
  if (!node) return null
  if (typeof node.value !== "string") return readRetryPolicy(reading, fields, node)
  const known = reading.retries.get(node.value)
  if (known) return known
  const hint =
    didYouMean(node.value, reading.retries.keys()) ?? "Define it under `use.retries`, or write the policy here."
  reading.report.error("unknown_retry", { pointer: node.pointer }, `there is no retry policy \`${node.value}\``, {
    actual: node.value,
    hint,
  })
  return null
}

export function readRetryPolicy(reading: Reading, parent: FieldReader, node: Node): RetryPolicy {
  const fields = parent.open(node, "a retry policy")
  if (!fields.has("maxAttempts"))
    fields.missing("maxAttempts", "The first attempt is counted: `maxAttempts: 3` tries at most three times.")
  const maxAttempts = fields.integer("maxAttempts", { min: 1, max: ATTEMPTS_MAX }) ?? 1
  const backoffMs = fields.milliseconds("backoffSeconds", { allowZero: true }) ?? 0
  const backoff = fields.oneOf("backoff", ["constant", "linear", "exponential"])
  const backoffRate = fields.number("backoffRate", { min: 1, max: 100 })
  const policy: RetryPolicy = {
    maxAttempts,
    backoffMs,
    backoff: backoff ?? "constant",
    backoffRate: backoffRate ?? 2,
    maxDelayMs: fields.milliseconds("maxDelaySeconds"),
    jitter: fields.oneOf("jitter", ["none", "full", "equal"]) ?? "none",
    maxElapsedMs: fields.milliseconds("maxElapsedSeconds"),
    retryable: fields.strings("retryable"),
    nonRetryable: fields.strings("nonRetryable") ?? [],
    onExhausted: fields.oneOf("onExhausted", ["fail", "pause"]) ?? "fail",
  }
  fields.close()
  checkSense(reading, fields, policy)
  return policy
}

function checkSense(reading: Reading, fields: FieldReader, policy: RetryPolicy): void {
  const warn = (name: string, message: string, hint: string) =>
    reading.report.warning("no_effect", { ...fields.place(name), part: "key" }, message, { hint })
  if (fields.has("backoffRate") && policy.backoff !== "exponential") {
    warn("backoffRate", "`backoffRate` only matters for exponential backoff", "Add `backoff: exponential`.")
  }
  if (policy.maxAttempts === 1 && policy.onExhausted === "fail" && fields.has("maxAttempts")) {
    warn("maxAttempts", "one attempt is no retry", "The first attempt is counted: write 2 to try once more.")
  }
  if (policy.backoffMs === 0 && policy.backoff !== "constant") {
    warn("backoff", `\`backoff: ${policy.backoff}\` without \`backoffSeconds\` never waits`, "Add `backoffSeconds`.")
  }
  if (policy.maxDelayMs !== null && policy.maxDelayMs < policy.backoffMs) {
    warn(
      "maxDelaySeconds",
      "`maxDelaySeconds` is smaller than `backoffSeconds`, so every wait has that length",
      "Raise `maxDelaySeconds`.",
    )
  }
  const both = policy.retryable?.find((name) => policy.nonRetryable.includes(name))
  if (both !== undefined) {
    reading.report.error(
      "conflicting_fields",
      fields.place("nonRetryable"),
      `\`${both}\` is both retryable and nonRetryable`,
      { hint: "Keep it in one list." },
    )
  }
}
