import type { Engine } from "@waybill/engine"
import { ProblemError } from "./problem.ts"

/** In the named environment, or in any: 002 knows a workflow by its id alone. */
export async function knownWorkflow(engine: Engine, workflowId: string, environment: string | null): Promise<void> {
  const environments = environment === null ? engine.definitions.environments() : [environment]
  for (const one of environments) if ((await engine.definitions.get(one, workflowId)) !== null) return
  throw new ProblemError("workflow_not_found", `there is no workflow ${workflowId.slice(0, 200)}`)
}
