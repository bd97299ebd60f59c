import type { Engine } from "@waybill/engine"
import { nearest } from "../../nearest.ts"
import { ProblemError } from "./problem.ts"

/** In the named environment, or in any: 002 knows a workflow by its id alone. */
export async function knownWorkflow(engine: Engine, workflowId: string, environment: string | null): Promise<void> {
  const environments = environment === null ? engine.definitions.environments() : [environment]
  for (const one of environments) if ((await engine.definitions.get(one, workflowId)) !== null) return
  throw await noWorkflow(engine, workflowId, environment)
}

/** Says where it is instead: who forgets the environment asks for what is there, in the wrong place. */
export async function noWorkflow(
  engine: Engine,
  workflowId: string,
  environment: string | null,
): Promise<ProblemError> {
  const asked = workflowId.slice(0, 200)
  const hint = environment === null ? null : await elsewhere(engine, workflowId, environment)
  const detail =
    environment === null ? `there is no workflow ${asked}` : `the environment ${environment} has no workflow ${asked}`
  return new ProblemError("workflow_not_found", detail, hint === null ? {} : { hint })
}

export async function knownVersion(
  { definitions }: Engine,
  environment: string,
  workflowId: string,
  versionNumber: number,
): Promise<void> {
  if ((await definitions.version(environment, workflowId, versionNumber)) !== null) return
  throw noVersion(environment, workflowId, versionNumber)
}

export function noVersion(environment: string, workflowId: string, versionNumber: number): ProblemError {
  const detail = `the workflow ${workflowId} has no version ${versionNumber} in ${environment}`
  return new ProblemError("version_not_found", detail)
}

const everything = { status: null, q: null, sync: null, cursor: null, limit: 1_000 }

async function elsewhere({ definitions }: Engine, workflowId: string, environment: string): Promise<string | null> {
  const found: string[] = []
  for (const one of definitions.environments())
    if (one !== environment && (await definitions.get(one, workflowId)) !== null) found.push(one)
  if (found.length > 0) return `It is in ${found.join(", ")}: say so with \`env\`.`
  const { items } = await definitions.list({ ...everything, environment })
  const guess = nearest(
    workflowId,
    items.map((one) => one.workflowId),
  )
  return guess === null ? null : `Did you mean ${guess}?`
}
