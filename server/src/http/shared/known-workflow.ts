import { type Engine, noFilter } from "@waybill/engine"
import { nearest } from "../../nearest.ts"
import { ProblemError } from "./problem.ts"

/** In the named environment, or in any: 002 knows a workflow by its id alone. */
export async function knownWorkflow(engine: Engine, workflowId: string, environment: string | null): Promise<void> {
  const environments = environment === null ? engine.definitions.environments() : [environment]
  for (const one of environments) if ((await engine.definitions.get(one, workflowId)) !== null) return
  throw await noWorkflow(engine, workflowId, environment)
}

/** Numbers of what ran outlive its definition: who has only runs is known too. */
export async function knownOrRan(engine: Engine, workflowId: string, environment: string | null): Promise<void> {
  try {
    await knownWorkflow(engine, workflowId, environment)
  } catch (refused) {
    const filter = { ...noFilter, workflowId: [workflowId], environment: environment === null ? [] : [environment] }
    const listed = await engine.queries.runs(filter, "-startedAt", null, 1)
    if (!listed.ok || listed.value.items.length === 0) throw refused
  }
}

/** Says where it is instead: who forgets the environment asks for what is there, in the wrong place. */
export async function noWorkflow(
  engine: Engine,
  workflowId: string,
  environment: string | null,
): Promise<ProblemError> {
  const asked = workflowId.slice(0, 200)
  const hint = await elsewhere(engine, workflowId, environment)
  const detail =
    environment === null ? `there is no workflow ${asked}` : `the environment ${environment} has no workflow ${asked}`
  return new ProblemError("workflow_not_found", detail, hint === null ? {} : { hint })
}

/** Says which there are: a number is nowhere to be guessed from. */
export async function knownVersion(
  { definitions }: Engine,
  environment: string,
  workflowId: string,
  versionNumber: number,
): Promise<void> {
  if ((await definitions.version(environment, workflowId, versionNumber)) !== null) return
  const newest = (await definitions.versions(environment, workflowId, versionsTold, null)).map(
    (one) => `${one.versionNumber} (${one.version})`,
  )
  throw noVersion(environment, workflowId, versionNumber, newest)
}

export function noVersion(
  environment: string,
  workflowId: string,
  versionNumber: number,
  newest: readonly string[] = [],
): ProblemError {
  const detail = `the workflow ${workflowId} has no version ${versionNumber} in ${environment}`
  return new ProblemError(
    "version_not_found",
    detail,
    newest.length === 0 ? {} : { hint: `The newest first, there are: ${newest.join(", ")}.` },
  )
}

const versionsTold = 10

const everything = { status: null, q: null, sync: null, cursor: null, limit: 1_000 }

async function elsewhere(
  { definitions }: Engine,
  workflowId: string,
  environment: string | null,
): Promise<string | null> {
  const found: string[] = []
  for (const one of definitions.environments())
    if (one !== environment && (await definitions.get(one, workflowId)) !== null) found.push(one)
  if (found.length > 0) return `It is in ${found.join(", ")}: say so with \`env\`.`
  const names: string[] = []
  for (const one of environment === null ? definitions.environments() : [environment])
    names.push(...(await definitions.list({ ...everything, environment: one })).items.map((item) => item.workflowId))
  const guess = nearest(workflowId, names)
  return guess === null ? null : `Did you mean ${guess}?`
}
