/**
 * Starting a run (W2, W3, rule 24): the header's key first, then the definition, then the definition's own key. What is
 * answered is durable: the run is there, and its first steps are on their way.
 */
import type { Definition } from "../../core/definition/model.ts"
import type { Json } from "../../core/json.ts"
import { mayEver } from "../../core/policy/roles.ts"
import type { Actor } from "../../core/run/commands.ts"
import type { RunCreated } from "../../core/run/events.ts"
import { originOf, type RunOrigin, withOrigin } from "../../core/run/origin.ts"
import { type InputAsItCame, prepareStart, type StartFacts } from "../../core/run/start.ts"
import type { Answer, RunCommands, Started, StartRequest } from "../../door.ts"
import type { ResolvedDefinition } from "../../ports/definition-source.ts"
import { type Redaction, type RedactionPlace, redactedText } from "../../ports/redaction.ts"
import type { AnswerDraft } from "../../runtime/envelope.ts"
import type { AnswerForm } from "./idempotency.ts"
import type { RunUseCasePorts } from "./ports.ts"
import { no } from "./refusal.ts"

export const startedForm: AnswerForm<Started> = {
  encode: (commit) => JSON.stringify({ runId: commit.runId }),
  decode: (text) => ({ runId: (JSON.parse(text) as { runId: string }).runId, replayed: true }),
}

export const startRun =
  (ports: RunUseCasePorts): RunCommands["start"] =>
  async (actor, request, header) => {
    const refused = refusal(ports, actor)
    if (refused !== null) return refused
    return ports.idempotency.once(header, startedForm, async (answer) => {
      const { environment, workflowId, version } = request
      const resolved = await ports.runtime.ports.definitions.resolve(
        ports.workspaceId,
        environment,
        workflowId,
        version,
      )
      if (!resolved.ok) return resolved
      const lineage = await lineageOf(ports, request.parentRunId)
      if (lineage === null) return no("run_not_found", `there is no run ${request.parentRunId} to be the parent`)
      if ((request.origin ?? lineage.origin) === "backfill") {
        const early = tooEarly(ports)
        if (early !== null) return early
      }
      const runId = ports.runtime.ports.chance.id("run")
      return start(ports, actor, answer, {
        runId,
        found: resolved.found,
        input: request.input,
        paused: request.startPaused,
        facts: factsOf(ports, runId, request, resolved.found, lineage),
      })
    })
  }

/** Role, drain and backpressure (rule 31); results and decisions are still taken when starts are not. */
export function refusal(ports: RunUseCasePorts, actor: Actor): Extract<Answer<never>, { ok: false }> | null {
  const allowed = mayEver(actor, "operate")
  if (!allowed.allowed) return no("forbidden", allowed.reason)
  const refused = ports.runtime.refusesStarts(ports.workspaceId)
  return refused?.kind === "rejected" ? { ok: false, rejection: refused.rejection } : null
}

function tooEarly({ backfillStarts }: RunUseCasePorts): Extract<Answer<never>, { ok: false }> | null {
  if (backfillStarts === undefined || backfillStarts.take()) return null
  const { perSecond } = backfillStarts
  return no("backfill_too_fast", `runs of backfills are started at most ${perSecond} times a second`, {
    hint: "retry: same key",
    data: { perSecond },
  })
}

export interface Start {
  readonly runId: string
  readonly found: ResolvedDefinition
  readonly input: Json
  readonly paused: boolean
  /** The execution number is given when nothing can refuse the start any more. */
  readonly facts: StartFacts
  /** A re-run is a run of its own, whatever key the first had. */
  readonly keyless?: boolean
}

export async function start(
  ports: RunUseCasePorts,
  actor: Actor,
  answer: AnswerDraft | null,
  asked: Start,
): Promise<Answer<Started>> {
  const { definition } = asked.found
  const prepared = preparedStart(ports, asked)
  if (!prepared.ok) return prepared
  const created = asked.keyless ? { ...prepared.created, idempotencyKey: null } : prepared.created
  const submit = (): Promise<Answer<Started>> => submitStart(ports, actor, answer, asked, created, prepared.input)
  const key = created.idempotencyKey
  if (key === null) return submit()
  return ports.idempotency.inTurn(JSON.stringify(["definition", ports.workspaceId, definition.id, key]), async () => {
    return (await runWithKey(ports, definition, key)) ?? (await submit())
  })
}

/** All that a start checks before anything of it is stored: whoever only asks what it would make of it gets the same. */
export function preparedStart(ports: RunUseCasePorts, asked: Start): ReturnType<typeof prepareStart> {
  const { runId, facts } = asked
  const { definition } = asked.found
  const place = {
    runId,
    workspaceId: ports.workspaceId,
    workflowId: definition.id,
    environment: facts.environment,
    traceId: facts.traceId,
    isApart: originOf(facts) !== "live",
  }
  const { redaction } = ports.runtime.ports
  const input = redaction.redact({ ...place, kind: "input" }, asked.input)
  const env = ports.runtime.startEnv(definition, place)
  const kept = factsWithoutSecrets(redaction, place, facts)
  const came = input === asked.input ? null : asItCame(redaction, place.workspaceId, asked.input)
  return prepareStart(runId, kept, input, env, came)
}

export function asItCame(redaction: Redaction, workspaceId: string, input: Json): InputAsItCame {
  return { input, digest: (key) => redaction.digest(workspaceId, key) }
}

/**
 * Names that came with the start are a person's or another system's words too, and the variables that are recorded. Each
 * is looked at by itself: what it is part of keeps its form.
 */
export function factsWithoutSecrets(
  redaction: Redaction,
  { workspaceId, environment, workflowId }: Omit<RedactionPlace, "kind">,
  facts: StartFacts,
): StartFacts {
  const names = { workspaceId, environment, workflowId, kind: "identifier" } as const
  const name = (text: string) => redactedText(redaction, names, text)
  const correlationId = name(facts.correlationId)
  const businessEventId = facts.businessEventId === null ? null : name(facts.businessEventId)
  const tags = eachAsItIs(facts.tags, name)
  const recordedEnv = valuesAsTheyAre(facts.recordedEnv, name)
  const trigger = triggerWithoutSecrets(redaction, names, facts.trigger)
  const isSame =
    correlationId === facts.correlationId &&
    businessEventId === facts.businessEventId &&
    tags === facts.tags &&
    recordedEnv === facts.recordedEnv &&
    trigger === facts.trigger
  // Nearly every start: a copy costs more than all that is decided about it.
  return isSame ? facts : { ...facts, correlationId, businessEventId, tags, recordedEnv, trigger }
}

function triggerWithoutSecrets(
  redaction: Redaction,
  names: RedactionPlace,
  trigger: StartFacts["trigger"],
): StartFacts["trigger"] {
  const { reason } = trigger
  if (typeof reason !== "string") return trigger
  const kept = redactedText(redaction, { ...names, kind: "comment" }, reason)
  return kept === reason ? trigger : { ...trigger, reason: kept }
}

/** The same list where nothing changed. */
function eachAsItIs(texts: readonly string[], change: (text: string) => string): readonly string[] {
  const changed = texts.map(change)
  return changed.every((text, index) => text === texts[index]) ? texts : changed
}

function valuesAsTheyAre(
  texts: { readonly [name: string]: string },
  change: (text: string) => string,
): { readonly [name: string]: string } {
  const entries = Object.entries(texts)
  const changed = entries.map(([name, text]): [string, string] => [name, change(text)])
  return changed.every(([, text], index) => text === entries[index]![1]) ? texts : Object.fromEntries(changed)
}

/** Rule 24: unique per workspace and workflow for its time to live. */
async function runWithKey(
  ports: RunUseCasePorts,
  definition: Definition,
  key: string,
): Promise<Answer<Started> | null> {
  const { store, clock } = ports.runtime.ports
  const runId = await store.findDefinitionKey(ports.workspaceId, definition.id, key, clock.now())
  if (runId === null) return null
  if (definition.idempotency?.onConflict === "reject") {
    return no("idempotency_conflict", `run ${runId} was started with the idempotency key "${key}"`, {
      data: { runId, key },
    })
  }
  return { ok: true, value: { runId, replayed: true }, position: ports.runtime.feed.head() }
}

async function submitStart(
  ports: RunUseCasePorts,
  actor: Actor,
  answer: AnswerDraft | null,
  asked: Start,
  created: RunCreated & { executionNumber: number },
  input: Json,
): Promise<Answer<Started>> {
  const { runId, found, paused } = asked
  const { workspaceId } = ports
  const { clock } = ports.runtime.ports
  const { definition } = found
  created.executionNumber = ports.runtime.numbers.take(workspaceId, created.environment, definition.id)
  const key = created.idempotencyKey
  const outcome = await ports.runtime.submit({
    runId,
    actor,
    command: { kind: "start-run", created, input, context: null, paused, slotFree: true },
    definition,
    answer,
    definitionKey:
      key === null
        ? null
        : {
            workspaceId,
            workflowId: definition.id,
            key,
            expiresAt: clock.now() + (definition.idempotency?.ttlMs ?? 0),
          },
    fresh: true,
  })
  if (outcome.kind === "rejected") return { ok: false, rejection: outcome.rejection }
  return { ok: true, value: { runId, replayed: false }, position: outcome.position }
}

interface Lineage {
  readonly rootRunId: string | null
  readonly depth: number
  /** Of the parent: what works for a backfill belongs to it. */
  readonly origin: RunOrigin
}

async function lineageOf(ports: RunUseCasePorts, parentRunId: string | null): Promise<Lineage | null> {
  if (parentRunId === null) return { rootRunId: null, depth: 0, origin: "live" }
  return ports.runtime.inspect(parentRunId, (state) =>
    state === null
      ? null
      : { rootRunId: state.created.rootRunId, depth: state.created.depth + 1, origin: originOf(state.created) },
  )
}

function factsOf(
  ports: RunUseCasePorts,
  runId: string,
  request: StartRequest,
  found: ResolvedDefinition,
  lineage: Lineage,
): StartFacts {
  const { workspaceId, projectId, environment, versionNumber, definitionHash, waybillVersion, recordedEnv, spanId } =
    provenance(ports, request.environment, found)
  // Named one by one: a spread costs more than all that is decided about a start.
  return {
    workspaceId,
    projectId,
    environment,
    versionNumber,
    definitionHash,
    waybillVersion,
    recordedEnv,
    spanId,
    executionNumber: 0,
    trigger: withOrigin(request.trigger, request.origin ?? lineage.origin),
    correlationId: request.correlationId ?? runId,
    businessEventId: request.businessEventId,
    traceId: traceIdOf(request.traceparent) ?? newTraceId(ports),
    tags: request.tags,
    parentRunId: request.parentRunId,
    parentStepId: null,
    rootRunId: lineage.rootRunId ?? runId,
    rerunOf: null,
    depth: lineage.depth,
    from: null,
  }
}

/** What every `run.created` says of where it comes from (settled 2). */
export function provenance(
  ports: RunUseCasePorts,
  environment: string,
  found: ResolvedDefinition,
): Pick<
  StartFacts,
  | "workspaceId"
  | "projectId"
  | "environment"
  | "versionNumber"
  | "definitionHash"
  | "waybillVersion"
  | "recordedEnv"
  | "spanId"
> {
  const { workspaceId, projectId, waybillVersion, recordedEnv } = ports
  const { versionNumber, hash } = found
  return {
    workspaceId,
    projectId,
    environment,
    versionNumber,
    definitionHash: hash,
    waybillVersion,
    recordedEnv,
    spanId: ports.runtime.ports.chance.hex(16),
  }
}

/**
 * 48 bits of time, then 80 of chance: ids made one after the other lie side by side in their index, where wholly random
 * ones would rewrite a page of it for every run. The right 56 bits are random, as W3C's trace context asks for.
 */
export function newTraceId(ports: RunUseCasePorts): string {
  const { chance, clock } = ports.runtime.ports
  return Math.max(0, clock.now()).toString(16).padStart(12, "0").slice(-12) + chance.hex(20)
}

/** W3C trace context: `00-<32 hex>-<16 hex>-<2 hex>`; anything else is as good as none. */
export function traceIdOf(traceparent: string | null): string | null {
  const found = traceparent === null ? null : /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent)
  return found === null || /^0+$/.test(found[1]!) ? null : found[1]!
}
