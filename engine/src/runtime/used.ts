/**
 * What one delivery has used so far: the sums of its agent's reports, and of models that were named the part of each. It
 * never judges a report; what is no amount was left out where the agent runs.
 */
import type { ModelUse, Usage } from "../core/run/events.ts"
import type { AgentUsage } from "../ports/agent-host.ts"

/** What is reported of others is in the sums only. */
const modelsMax = 8

type Part = { -readonly [K in keyof ModelUse]: ModelUse[K] }

export class Used {
  readonly #sums = { tokens: 0, computeMs: 0, costUsd: 0 }
  // Made when the first is named: most deliveries name none.
  #models: Part[] | null = null
  #isReported = false

  add(report: AgentUsage): void {
    this.#isReported = true
    this.#sums.tokens += report.tokens ?? 0
    this.#sums.computeMs += report.computeMs ?? 0
    this.#sums.costUsd += report.costUsd ?? 0
    if (report.model !== undefined) this.#addTo(report.model, report)
  }

  /** Undefined: nothing was reported. */
  get usage(): Usage | undefined {
    if (!this.#isReported) return undefined
    return { ...this.#sums, ...(this.#models !== null && { models: this.#models.map((part) => ({ ...part })) }) }
  }

  #addTo(model: string, { provider, parameters, tokens, computeMs, costUsd }: AgentUsage): void {
    this.#models ??= []
    let part = this.#models.find((one) => one.model === model && one.provider === provider)
    if (part === undefined) {
      if (this.#models.length === modelsMax) return
      part = provider === undefined ? { model } : { model, provider }
      this.#models.push(part)
    }
    if (parameters !== undefined) part.parameters = parameters
    if (tokens !== undefined) part.tokens = (part.tokens ?? 0) + tokens
    if (computeMs !== undefined) part.computeMs = (part.computeMs ?? 0) + computeMs
    if (costUsd !== undefined) part.costUsd = (part.costUsd ?? 0) + costUsd
  }
}
