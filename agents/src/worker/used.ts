/**
 * What `ctx.usage(…)` reports, as it goes to the engine. A wrong report must not fail the work that it reports on: what is
 * no amount, no name and no parameter is left out, and nothing is ever thrown.
 */
import type { JsonObject } from "@waybill/engine/core/json"
import { checkJson } from "@waybill/engine/core/json-reader"
import type { AgentUsage } from "@waybill/engine/ports/agent-host"
import { clean } from "./failure.ts"

const charsMax = 200
const parametersCharsMax = 4 << 10

export function usedOf(report: unknown): AgentUsage {
  try {
    const { tokens, computeMs, costUsd, model, provider, parameters } = (report ?? {}) as Record<string, unknown>
    return {
      ...amount("tokens", tokens),
      ...amount("computeMs", computeMs),
      ...amount("costUsd", costUsd),
      ...(isName(model) && {
        model: clean(model, charsMax),
        ...(isName(provider) && { provider: clean(provider, charsMax) }),
        ...(isParameters(parameters) && { parameters }),
      }),
    }
  } catch {
    return {}
  }
}

function amount(name: string, value: unknown): Record<string, number> {
  return typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? { [name]: value } : {}
}

/** What is longer is no name; a part of it might be half of something that may not be kept. */
function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= charsMax
}

function isParameters(value: unknown): value is JsonObject {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value)
  return isObject && checkJson(value, { lengthMax: parametersCharsMax }) === null
}
