/** What a start would make of an input, with the very checks of a start: the schema first, then the keys made of it. */
import { checkInput, inputFindings } from "../../core/run/check-input.ts"
import { prepareStart } from "../../core/run/start.ts"
import type { Answer, CheckedInput, RunCommands } from "../../door.ts"
import type { RunUseCasePorts } from "./ports.ts"
import { asItCame, newTraceId, provenance } from "./start-run.ts"

/** No run has this id: templates that show it are shown with it. */
const noRun = "run_unstarted"

export const checkRunInput =
  (ports: RunUseCasePorts): RunCommands["checkInput"] =>
  async (_actor, { workflowId, environment, version, input: raw }) => {
    const { runtime, workspaceId } = ports
    const resolved = await runtime.ports.definitions.resolve(workspaceId, environment, workflowId, version)
    if (!resolved.ok) return resolved
    const { found } = resolved
    const { definition } = found
    const place = { runId: noRun, workspaceId, workflowId, environment, traceId: newTraceId(ports), isApart: false }
    const env = runtime.startEnv(definition, place)
    const redacted = runtime.ports.redaction.redact({ ...place, kind: "input" }, raw)
    const answered = (value: CheckedInput): Answer<CheckedInput> => ({
      ok: true,
      value,
      position: runtime.feed.head(),
    })
    const checked = checkInput(definition.inputSchema, raw, (schema) => env.validator(schema))
    if (checked.kind === "no-object") {
      const message = `must be an object, is ${checked.actual === "array" ? "a list" : `a ${checked.actual}`}`
      return answered({ valid: false, problems: [{ code: "wrong_type", message, pointer: "" }], input: redacted })
    }
    const { input } = checked
    if (checked.kind === "breaks")
      return answered({ valid: false, problems: inputFindings(definition.inputSchema, checked.errors), input })
    const facts = {
      ...provenance(ports, environment, found),
      executionNumber: 0,
      trigger: { kind: "api" } as const,
      correlationId: noRun,
      businessEventId: null,
      traceId: place.traceId,
      tags: [],
      parentRunId: null,
      parentStepId: null,
      rootRunId: noRun,
      rerunOf: null,
      depth: 0,
      from: null,
    }
    const came = redacted === raw ? null : asItCame(runtime.ports.redaction, workspaceId, raw)
    const prepared = prepareStart(noRun, facts, redacted, env, came)
    if (prepared.ok) return answered({ valid: true, problems: [], input })
    const { code, message } = prepared.rejection
    return answered({ valid: false, problems: [{ code, message, pointer: "" }], input })
  }
