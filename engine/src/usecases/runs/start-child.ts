/** A child run as its parent asks for it (rule 11): the same checks as a start, its lineage from the parent. */
import { originOf, withOrigin } from "../../core/run/origin.ts"
import { prepareStart } from "../../core/run/start.ts"
import type { RunState } from "../../core/run/state.ts"
import type { ChildPrepared, ChildRequest } from "../../runtime/messages.ts"
import type { RunUseCasePorts } from "./ports.ts"
import { no } from "./refusal.ts"
import { asItCame, factsWithoutSecrets, provenance } from "./start-run.ts"

export async function prepareChild(
  ports: RunUseCasePorts,
  parent: RunState,
  request: ChildRequest,
): Promise<ChildPrepared> {
  const { created } = parent
  const { runtime } = ports
  const { childRunId, workflowId, version, parentRunId, parentStepId } = request
  const resolved = await runtime.ports.definitions.resolve(
    created.workspaceId,
    created.environment,
    workflowId,
    version,
  )
  if (!resolved.ok) return resolved
  const { found } = resolved
  const { definition } = found
  const { workspaceId, environment, traceId, correlationId, rootRunId, depth } = created
  const facts = {
    ...provenance(ports, environment, found),
    workspaceId,
    executionNumber: 0,
    trigger: withOrigin({ kind: "parent", runId: parentRunId, stepId: parentStepId }, originOf(created)),
    correlationId,
    businessEventId: null,
    traceId,
    tags: [],
    parentRunId,
    parentStepId,
    rootRunId,
    depth: depth + 1,
    rerunOf: null,
    from: null,
  }
  const env = runtime.startEnv(definition, {
    runId: childRunId,
    workspaceId,
    workflowId: definition.id,
    environment,
    traceId,
    isApart: originOf(created) !== "live",
  })
  // Under the child's own policy, as if it had been started by itself.
  const { redaction } = runtime.ports
  const place = { workspaceId, environment, workflowId: definition.id, kind: "input" } as const
  const input = redaction.redact(place, request.input)
  const came = input === request.input ? null : asItCame(redaction, workspaceId, request.input)
  const prepared = prepareStart(childRunId, factsWithoutSecrets(redaction, place, facts), input, env, came)
  if (!prepared.ok) return prepared
  if (
    prepared.created.concurrency !== null &&
    runtime.wouldDeadlock(prepared.created, await ancestorsOf(ports, parent))
  ) {
    return no(
      "deadlock",
      `${workflowId} waits for the concurrency key "${prepared.created.concurrency.key}", which a run above it holds`,
    )
  }
  const executionNumber = runtime.numbers.take(workspaceId, environment, definition.id)
  return {
    ok: true,
    start: {
      // Whoever started the parent started the child: approvals look at it.
      actor: { id: parent.createdBy, teams: [], role: "system" },
      command: {
        kind: "start-run",
        created: { ...prepared.created, executionNumber, idempotencyKey: null },
        input: prepared.input,
        context: null,
        paused: false,
        slotFree: true,
      },
      definition,
      definitionKey: null,
    },
  }
}

/** The parent and all above it, at most as many as runs may be nested. */
async function ancestorsOf(ports: RunUseCasePorts, parent: RunState): Promise<string[]> {
  const ancestors = [parent.runId]
  let next = parent.created.parentRunId
  while (next !== null && ancestors.length <= ports.runtime.limits.childDepthMax) {
    ancestors.push(next)
    next = await ports.runtime.inspect(next, (state) => state?.created.parentRunId ?? null)
  }
  return ancestors
}
