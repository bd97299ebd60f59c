/**
 * What a made-up history is made of: a workflow with its versions, how its agents do, what it is started with, and what
 * people do about it. The core decides what becomes of it; a story only says what comes from outside.
 */
import type { FailureClass, FailureKind } from "../../core/definition/model.ts"
import type { Json, JsonObject } from "../../core/json.ts"
import type { Random } from "../../core/random.ts"
import type { Actor } from "../../core/run/commands.ts"
import type { AgentFailure } from "../../ports/agent-host.ts"

export interface Story {
  readonly workflowId: string
  /** How often, against the others. */
  readonly weight: number
  /** Environment → how often. */
  readonly environments: { readonly [environment: string]: number }
  /** Oldest first. `since`: when it came, as a part of the period. */
  readonly versions: readonly { readonly since: number; readonly document: JsonObject }[]
  readonly agents: { readonly [agent: string]: AgentHabit }
  start(random: Random, number: number): Beginning
  /** By the approval's state; absent: nobody decides anything. */
  readonly decides?: DecisionHabit
  readonly sends?: SignalHabit
}

export interface Beginning {
  readonly input: JsonObject
  readonly actor: Actor
  readonly trigger: "api" | "manual" | "schedule" | "event"
  readonly businessEventId: string | null
  readonly tags: readonly string[]
}

export interface AgentHabit {
  readonly typicalMs: number
  /** Tokens of a typical call; absent: it asks no model. */
  readonly tokens?: number
  /** Which model it reports, by the workflow's version. */
  model?(version: string): ModelHabit
  /** What a call can come to instead of its output, each with its share. */
  readonly fails?: readonly Mishap[]
  output(input: JsonObject, random: Random): Json
}

export interface ModelHabit {
  readonly model: string
  readonly provider: string
  readonly parameters: JsonObject
}

export interface Mishap {
  readonly share: number
  /** `timeout`: it stands still until its time is up. */
  readonly failure: AgentFailure | "timeout"
  /** Only in these versions; absent: in all. */
  readonly versions?: readonly string[]
}

export interface DecisionHabit {
  readonly typicalMs: number
  readonly people: readonly Actor[]
  /** Outcome → share; `nobody`: it stays open. */
  readonly outcomes: { readonly [outcome: string]: number }
  readonly comments: { readonly [outcome: string]: readonly string[] }
}

export interface SignalHabit {
  readonly typicalMs: number
  /** The share of waits that nothing comes for. */
  readonly silence: number
  data(input: JsonObject, random: Random): JsonObject
}

const titles: { readonly [Class in FailureClass]: string } = {
  transient: "A passing failure",
  validation_failed: "Something did not fit its schema",
  external_api: "Another service failed",
  policy_denied: "Not allowed",
  bug: "The agent threw an error",
}

export function mishap(cls: FailureClass, code: string, detail: string, kind: FailureKind | null = null): AgentFailure {
  return { class: cls, kind, code, title: titles[cls], detail }
}

export function person(name: string, ...teams: string[]): Actor {
  return { id: `user:${name}@example.com`, teams, role: "operator" }
}

export const scheduler: Actor = { id: "system", teams: [], role: "system" }

export function key(name: string): Actor {
  return { id: `key:${name}`, teams: [], role: "operator" }
}

/** A duration around a typical one: most near it, few far above. At least a millisecond. */
export function around(random: Random, typicalMs: number, spread = 0.6): number {
  // The sum of four is near enough to a bell, and the same on every machine.
  const bell = random.fraction() + random.fraction() + random.fraction() + random.fraction() - 2
  return Math.max(1, Math.round(typicalMs * Math.exp(bell * spread * 1.7)))
}
