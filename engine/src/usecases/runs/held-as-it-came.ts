/**
 * Schemas are held against what a person or a system said, not against what policy left of it: a value that was taken out
 * fits any schema. `decide` never sees the rest (rule 9), so it is looked at here, and only where something was taken out.
 */
import type { Json, JsonObject } from "../../core/json.ts"
import { inputFindings } from "../../core/run/check-input.ts"
import type { Rejection } from "../../core/run/commands.ts"
import type { RunUseCasePorts } from "./ports.ts"

const errorsMax = 20

/** By the schema of the one state that listens for it; where several do, each looks at what is kept. */
export async function signalProblem(
  { runtime }: RunUseCasePorts,
  runId: string,
  name: string,
  data: Json,
): Promise<Rejection | null> {
  const hash = await runtime.inspect(runId, (state) => state?.created.definitionHash ?? null)
  const definition = hash === null ? null : await runtime.ports.definitions.byHash(hash)
  const errors = errorsOf(runtime, definition?.signalSchemas.get(name) ?? null, data)
  if (errors === null) return null
  return {
    code: "signal_invalid",
    message: `the data of signal ${name} breaks the schema of the state that listens for it`,
    data: { errors: errors.map(({ pointer, message }) => ({ pointer, message })) },
  }
}

export async function formProblem(
  { runtime }: RunUseCasePorts,
  runId: string,
  approval: string,
  form: Json,
): Promise<Rejection | null> {
  const schema = await runtime.inspect(runId, (state) => {
    for (const { phase } of state?.visits.values() ?? [])
      if (phase.kind === "approval" && phase.approval.id === approval) return phase.approval.form
    return null
  })
  const errors = errorsOf(runtime, schema, form)
  if (errors === null) return null
  return {
    code: "form_invalid",
    message: `the form breaks its schema: ${errors[0]?.pointer || "/"} ${errors[0]?.message}`,
    data: { errors: inputFindings(schema, errors).map((finding) => ({ ...finding })) },
  }
}

function errorsOf(runtime: RunUseCasePorts["runtime"], schema: JsonObject | null, value: Json) {
  return schema === null ? null : (runtime.ports.schemas.validator(schema)(value)?.slice(0, errorsMax) ?? null)
}
