/**
 * A re-run is always a new run, linked to the first (`rerunOf`), with a reason: as it was, from a state with the context
 * that the first run had in front of it, or from the step that failed. The first run is never altered.
 */
import type { Definition } from "../../core/definition/model.ts"
import { nearest } from "../../core/definition/read/did-you-mean.ts"
import { isJsonObject, type Json } from "../../core/json.ts"
import { mayEver } from "../../core/policy/roles.ts"
import type { Actor } from "../../core/run/commands.ts"
import type { RunCreated } from "../../core/run/events.ts"
import { originOf, withOrigin } from "../../core/run/origin.ts"
import type { Answer, RerunPlan, RerunRequest, RunCommands } from "../../door.ts"
import type { ResolvedDefinition } from "../../ports/definition-source.ts"
import { readActingSteps } from "./acting-steps.ts"
import { mergePatch } from "./merge-patch.ts"
import type { RunUseCasePorts } from "./ports.ts"
import { no } from "./refusal.ts"
import { type RerunSource, type RunHistoryReads, rerunSource } from "./rerun-source.ts"
import { contextBefore, type Passage, readPassages } from "./run-passages.ts"
import { newTraceId, preparedStart, provenance, refusal, type Start, start, startedForm } from "./start-run.ts"

interface Prepared {
  readonly plan: Omit<RerunPlan, "steps" | "stepsCount">
  /** The event of the source from which on everything is done again. */
  readonly fromSeq: number
  readonly source: RunCreated
  readonly history: RunHistoryReads
  readonly found: ResolvedDefinition
  readonly from: RunCreated["from"]
}

export const planRerun =
  (ports: RunUseCasePorts): RunCommands["planRerun"] =>
  async (actor, runId, request) => {
    const prepared = await prepare(ports, actor, runId, request)
    if (!prepared.ok) return prepared
    const { plan, fromSeq, history } = prepared.value
    const startable = preparedStart(ports, startOf(ports, runId, request, prepared.value))
    if (!startable.ok) return startable
    const { steps, count } = await readActingSteps(history, runId, fromSeq)
    return { ...prepared, value: { ...plan, steps, stepsCount: count } }
  }

export const rerunRun =
  (ports: RunUseCasePorts): RunCommands["rerun"] =>
  async (actor, runId, request, header) => {
    const refused = refusal(ports, actor)
    if (refused !== null) return refused
    return ports.idempotency.once(header, startedForm, async (answer) => {
      const prepared = await prepare(ports, actor, runId, request)
      if (!prepared.ok) return prepared
      return start(ports, actor, answer, startOf(ports, runId, request, prepared.value))
    })
  }

function startOf(ports: RunUseCasePorts, runId: string, request: RerunRequest, prepared: Prepared): Start {
  const { plan, source, found, from } = prepared
  const newRunId = ports.runtime.ports.chance.id("run")
  return {
    runId: newRunId,
    found,
    input: plan.input,
    paused: false,
    keyless: true,
    facts: {
      ...provenance(ports, source.environment, found),
      executionNumber: 0,
      trigger: withOrigin(
        { kind: "rerun", runId, reason: request.reason, from: plan.from },
        request.origin ?? originOf(source),
      ),
      correlationId: source.correlationId,
      businessEventId: source.businessEventId,
      traceId: newTraceId(ports),
      tags: source.tags,
      parentRunId: null,
      parentStepId: null,
      rootRunId: newRunId,
      depth: 0,
      rerunOf: runId,
      from,
    },
  }
}

async function prepare(
  ports: RunUseCasePorts,
  actor: Actor,
  runId: string,
  request: RerunRequest,
): Promise<Answer<Prepared>> {
  const allowed = mayEver(actor, "operate")
  if (!allowed.allowed) return no("forbidden", allowed.reason)
  if (request.reason.trim() === "") return no("reason_required", "a re-run needs a reason: what is different this time")
  if (request.from === null && request.contextPatch !== null) {
    return no(
      "context_patch_without_from",
      "a context can only be patched in front of a state: name it with `from`, or patch the input",
    )
  }
  if (request.from !== null && request.inputPatch !== null) {
    return no(
      "input_patch_with_from",
      "from a state on, a run reads its context, which began with the input and has moved on since",
      { hint: "say with contextPatch what is to be different there, or run it again from the start" },
    )
  }
  const read = await rerunSource(ports, runId)
  if (!read.ok) return read
  const { created, finished } = read.source
  if (!finished) return no("run_not_finished", "a run that has not ended is not run again: cancel it first")
  const resolved = await definitionFor(ports, created, request.version)
  if (!resolved.ok) return resolved
  return plan(ports, runId, request, read.source, resolved.found)
}

/** The same version as the first run's, unless another is named. */
async function definitionFor(ports: RunUseCasePorts, created: RunCreated, version: string | number | null) {
  const { definitions } = ports.runtime.ports
  const { workspaceId, environment, workflowId, definitionHash, versionNumber } = created
  if (version !== null) return definitions.resolve(workspaceId, environment, workflowId, version)
  const definition = await definitions.byHash(definitionHash)
  if (definition === null)
    return no("version_not_found", `the definition of this run (${definitionHash}) is not stored any more`)
  return { ok: true as const, found: { definition, hash: definitionHash, versionNumber } }
}

async function plan(
  ports: RunUseCasePorts,
  runId: string,
  request: RerunRequest,
  { created: source, history }: RerunSource,
  found: ResolvedDefinition,
): Promise<Answer<Prepared>> {
  const { definition, versionNumber } = found
  const passages = await readPassages(history, runId)
  const original = "value" in source.input ? source.input.value : {}
  const input = request.inputPatch === null ? original : mergePatch(original, request.inputPatch)
  const at = request.from === null ? 0 : startingPoint(definition, passages, request.from)
  if (typeof at !== "number") return at
  const first = passages[at]
  const reused = unique(passages.slice(0, at).filter((passage) => passage.status === "SUCCEEDED"))
  let from: RunCreated["from"] = null
  if (request.from !== null && first !== undefined) {
    const context = await contextOf(ports, history, runId, first, redactedPatch(ports, definition.id, source, request))
    if (context === null)
      return no("value_too_large", `the context in front of ${first.name} is larger than a run can begin with`)
    from = { state: first.name, context: { value: redactedContext(ports, definition.id, source, context) }, reused }
  }
  const answer: Prepared["plan"] = {
    workflowId: definition.id,
    versionNumber,
    from: from?.state ?? null,
    reused: from === null ? [] : reused,
    actsAgain: unique(passages.slice(at).filter((passage) => actsOutside.has(passage.type))),
    input,
  }
  const fromSeq = from === null ? 0 : first!.seq
  return {
    ok: true,
    value: { plan: answer, fromSeq, source, history, found, from },
    position: ports.runtime.feed.head(),
  }
}

/** States that do something in the world, by themselves or by what they hold. */
const actsOutside: ReadonlySet<string> = new Set(["operation", "emit", "run", "parallel", "foreach", "try", "loop"])

type Refusal = ReturnType<typeof no>

function startingPoint(definition: Definition, passages: readonly Passage[], from: string): number | Refusal {
  const at =
    from === "failed" && !definition.block.states.has("failed")
      ? lastFailed(passages)
      : passages.findLastIndex((passage) => passage.name === from)
  const passage = passages[at]
  if (passage === undefined) {
    if (from === "failed") return no("nothing_failed", "no step of this run has failed")
    if (definition.block.states.has(from))
      return no("state_not_visited", `the run never came to ${from}, so there is no context to begin with`)
    const guess = nearest(from, definition.block.order)
    return no("state_not_found", `${definition.id} has no state ${from} at its top level`, {
      ...(guess !== null && { hint: `Did you mean ${guess}?` }),
      data: { states: [...definition.block.order] },
    })
  }
  if (definition.block.states.has(passage.name)) return at
  return no("state_not_found", `this version of ${definition.id} has no state ${passage.name}`, {
    data: { states: [...definition.block.order] },
  })
}

/** The last state of the top level that did not end well and that nobody dealt with: what ended the run, or its time. */
function lastFailed(passages: readonly Passage[]): number {
  return passages.findLastIndex(({ status, handled }) => !handled && status !== "SUCCEEDED" && status !== "SKIPPED")
}

/** What may not be kept is not smuggled in by a patch (rule 9); a patched input is redacted as every input is. */
function redactedPatch(
  ports: RunUseCasePorts,
  workflowId: string,
  source: RunCreated,
  request: RerunRequest,
): RerunRequest {
  if (request.contextPatch === null) return request
  const { workspaceId, environment } = source
  const place = { workspaceId, environment, workflowId, kind: "patch" } as const
  const kept = ports.runtime.ports.redaction.redact(place, request.contextPatch)
  return { ...request, contextPatch: isJsonObject(kept) ? kept : null }
}

/** It was kept under the policy of then; what is kept of it now goes by the one that holds (rule 9). */
function redactedContext(ports: RunUseCasePorts, workflowId: string, source: RunCreated, context: Json): Json {
  const { workspaceId, environment } = source
  const kept = ports.runtime.ports.redaction.redact({ workspaceId, environment, workflowId, kind: "patch" }, context)
  return isJsonObject(kept) ? kept : {}
}

async function contextOf(
  { runtime }: RunUseCasePorts,
  history: RunHistoryReads,
  runId: string,
  passage: Passage,
  request: RerunRequest,
): Promise<Json | null> {
  const context = await contextBefore(history, runId, passage.seq, runtime.limits.contextBytesMax)
  return context === null || request.contextPatch === null ? context : mergePatch(context, request.contextPatch)
}

function unique(passages: readonly Passage[]): string[] {
  return [...new Set(passages.map((passage) => passage.name))]
}
