/** The agents of the simulated world, by name: what an attempt gives is a function of its input and number alone. */
import type { FailureClass } from "../../core/definition/model.ts"
import { isJsonObject, type Json } from "../../core/json.ts"
import { secretWord } from "./hush.ts"

export type Behaviour =
  | { readonly kind: "succeeds"; readonly output: Json }
  | { readonly kind: "fails"; readonly class: FailureClass; readonly code: string }
  /** Never answers: its deadline ends it. */
  | { readonly kind: "hangs" }

/** How often each is chosen. */
export const agentNames = {
  add: 6,
  echo: 5,
  text: 2,
  flaky: 4,
  stubborn: 2,
  broken: 2,
  denied: 1,
  upstream: 2,
  odd: 3,
  hang: 1,
  crashy: 2,
  poison: 1,
} as const

export type AgentName = keyof typeof agentNames

export function behave(agent: string, input: Json, attempt: number): Behaviour {
  const n = isJsonObject(input) && typeof input.n === "number" ? input.n : 0
  switch (agent as AgentName) {
    case "add":
    case "crashy":
    case "poison":
      return { kind: "succeeds", output: { v: n + 1 } }
    case "echo":
      return { kind: "succeeds", output: { v: n % 5, got: input } }
    case "text":
      return { kind: "succeeds", output: `text ${n}, ${secretWord}` }
    case "flaky":
      return attempt < 2
        ? { kind: "fails", class: "transient", code: "flaky" }
        : { kind: "succeeds", output: { v: n + 2 } }
    case "stubborn":
      return attempt < 3 ? { kind: "fails", class: "bug", code: "stubborn" } : { kind: "succeeds", output: { v: n } }
    case "broken":
      return { kind: "fails", class: "bug", code: "broken" }
    case "denied":
      return { kind: "fails", class: "policy_denied", code: "denied" }
    case "upstream":
      return { kind: "fails", class: "external_api", code: "upstream" }
    case "odd":
      return n % 2 === 1
        ? { kind: "fails", class: "validation_failed", code: "odd" }
        : { kind: "succeeds", output: { v: n, even: true } }
    case "hang":
      return { kind: "hangs" }
  }
}

/** How many deliveries of an attempt take their host along before one gets through. */
export function crashes(agent: string): number {
  if (agent === "crashy") return 1
  return agent === "poison" ? Number.POSITIVE_INFINITY : 0
}
