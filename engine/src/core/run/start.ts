/**
 * From a request to `run.created`: the input checked and its defaults applied, keys rendered, agents pinned (W2, W3,
 * settled 2, rule 21). Pure; the use-case adds what only the engine knows (numbers, ids).
 */
import type { Definition, Template } from "../definition/model.ts"
import type { Json } from "../json.ts"
import type { SchemaError } from "../schema/types.ts"
import { checkInput } from "./check-input.ts"
import type { Rejection } from "./commands.ts"
import type { Env } from "./env.ts"
import type { AgentPin, RunCreated, RunEvent } from "./events.ts"
import { evolve } from "./evolve.ts"
import type { Reader } from "./names.ts"
import { asText, render } from "./render.ts"
import { rootScope, type Scope } from "./state.ts"
import { eventVersion } from "./upcast.ts"

export type StartFacts = Omit<
  RunCreated,
  | "input"
  | "businessEventId"
  | "agents"
  | "concurrency"
  | "idempotencyKey"
  | "timeoutMs"
  | "tags"
  | "workflowId"
  | "workflowName"
  | "workflowVersion"
> & {
  readonly businessEventId: string | null
  readonly tags: readonly string[]
}

export type Prepared =
  /** The number is filled in when nothing can refuse the start any more. */
  | { readonly ok: true; readonly created: RunCreated & { executionNumber: number }; readonly input: Json }
  | { readonly ok: false; readonly rejection: Rejection }

export type StartEnv = Pick<Env, "now" | "definition" | "validator" | "agent" | "blobs" | "limits">

/** The input before anything was taken out of it (rule 9): its schema and the keys made of it are about that. */
export interface InputAsItCame {
  readonly input: Json
  /** Stands for a key in which something is that may not be kept. */
  digest(key: string): string
}

/** @param came null: nothing was taken out */
export function prepareStart(
  runId: string,
  facts: StartFacts,
  kept: Json,
  env: StartEnv,
  came: InputAsItCame | null = null,
): Prepared {
  const { definition } = env
  const checked = checkInput(definition.inputSchema, came?.input ?? kept, (schema) => env.validator(schema))
  if (checked.kind === "no-object")
    return no("input_invalid", "the input of a run is a JSON object", { actual: checked.actual })
  if (checked.kind === "breaks") return inputInvalid(definition, checked.errors)
  // What stands for a value fits where the value did: only defaults are missing.
  const input = came === null ? checked.input : withDefaults(definition, kept)
  const created = createdFrom(facts, definition, input, pins(definition, env))
  return withKeys(runId, created, input, env, came === null ? null : { ...came, input: checked.input })
}

function withDefaults({ inputSchema }: Definition, kept: Json): Json {
  const checked = checkInput(inputSchema, kept, () => () => null)
  return checked.kind === "no-object" ? kept : checked.input
}

/** @param errors at least one */
function inputInvalid(definition: Definition, errors: readonly SchemaError[]) {
  const first = errors[0]!
  return no(
    "input_invalid",
    `the input breaks the schema of ${definition.id}: ${first.pointer || "/"} ${first.message}`,
    {
      errors: errors
        .slice(0, 50)
        .map((error) => ({ pointer: error.pointer, keyword: error.keyword, message: error.message })),
    },
  )
}

/** Named one by one: the state keeps this object, and one put together by spreads is slow to read for all its life. */
function createdFrom(facts: StartFacts, definition: Definition, input: Json, agents: RunCreated["agents"]): RunCreated {
  return {
    workspaceId: facts.workspaceId,
    projectId: facts.projectId,
    environment: facts.environment,
    workflowId: definition.id,
    workflowName: definition.name,
    workflowVersion: definition.version,
    versionNumber: facts.versionNumber,
    definitionHash: facts.definitionHash,
    executionNumber: facts.executionNumber,
    input: { value: input },
    trigger: facts.trigger,
    correlationId: facts.correlationId,
    businessEventId: facts.businessEventId,
    traceId: facts.traceId,
    spanId: facts.spanId,
    tags: [...new Set([...definition.tags, ...facts.tags])],
    parentRunId: facts.parentRunId,
    parentStepId: facts.parentStepId,
    rootRunId: facts.rootRunId,
    rerunOf: facts.rerunOf,
    depth: facts.depth,
    waybillVersion: facts.waybillVersion,
    recordedEnv: facts.recordedEnv,
    agents,
    concurrency: null,
    idempotencyKey: null,
    timeoutMs: definition.timeoutMs,
    from: facts.from,
  }
}

function no(code: string, message: string, data?: Rejection["data"]): Extract<Prepared, { ok: false }> {
  return { ok: false, rejection: { code, message, ...(data === undefined ? {} : { data }) } }
}

function pins(definition: Definition, env: StartEnv): { readonly [name: string]: AgentPin } {
  const result: Record<string, AgentPin> = {}
  for (const name of definition.agents) {
    const contract = env.agent(name)
    if (contract !== null) result[name] = contract.pin
  }
  return result
}

/** Business event, idempotency and concurrency keys are templates over the input. */
function withKeys(
  runId: string,
  created: RunCreated,
  input: Json,
  env: StartEnv,
  came: InputAsItCame | null,
): Prepared {
  const { definition } = env
  if (definition.businessEventId === null && definition.idempotency === null && definition.concurrency === null)
    return { ok: true, input, created }
  const kept = begun(runId, created, env)
  const raw = came === null ? kept : begun(runId, { ...created, input: { value: came.input } }, env)
  const key = (template: Template, what: string) => {
    const rendered = renderKey(raw.reader, raw.scope, template, what)
    if (!rendered.ok || came === null) return rendered
    const shown = render(kept.reader, kept.scope, template)
    const isKept = shown.ok && asText(shown.value) === rendered.text
    return isKept ? rendered : { ok: true as const, text: came.digest(rendered.text) }
  }
  const business =
    created.businessEventId === null && definition.businessEventId !== null
      ? key(definition.businessEventId, "businessEventId")
      : null
  const idempotency = definition.idempotency === null ? null : key(definition.idempotency.key, "idempotency.key")
  const concurrency = definition.concurrency === null ? null : key(definition.concurrency.key, "concurrency.key")
  for (const rendered of [business, idempotency, concurrency])
    if (rendered !== null && !rendered.ok) return no("key_invalid", rendered.message)
  return {
    ok: true,
    input,
    created: {
      ...created,
      businessEventId: business?.ok ? business.text : created.businessEventId,
      idempotencyKey: idempotency?.ok ? idempotency.text : null,
      concurrency: concurrency?.ok
        ? { key: concurrency.text, limit: definition.concurrency!.limit, onLimit: definition.concurrency!.onLimit }
        : null,
    },
  }
}

/** The run as templates of its keys see it. */
function begun(runId: string, created: RunCreated, env: StartEnv): { readonly reader: Reader; readonly scope: Scope } {
  const event: RunEvent = {
    v: eventVersion("run.created"),
    seq: 1,
    type: "run.created",
    at: env.now,
    actor: "system",
    stepId: null,
    payload: created,
  }
  const state = evolve(null, event, runId)
  const reader = { state, definition: env.definition, blobs: env.blobs }
  return { reader, scope: state.scopes.get(rootScope)! }
}

const keyCharsMax = 512

/** A key that is cut, empty or made of nothing would be the same for runs that have nothing to do with one another. */
function renderKey(
  reader: Reader,
  scope: Scope,
  template: Template,
  what: string,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string } {
  const rendered = render(reader, scope, template)
  if (!rendered.ok) return rendered
  const text = asText(rendered.value)
  if (rendered.value === null || text.trim() === "")
    return { ok: false, message: `${what} is empty for this input: it would be the key of every such run` }
  if (text.length > keyCharsMax)
    return {
      ok: false,
      message: `${what} has ${text.length} characters for this input; at most ${keyCharsMax} are kept`,
    }
  return { ok: true, text }
}
