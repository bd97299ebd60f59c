import type { Engine, RunRow } from "@waybill/engine"
import { found } from "../shared/answer.ts"
import type { Caller } from "../shared/auth.ts"

/** In the caller's workspace; in another it is not there. */
export async function runOf(engine: Engine, runId: string, caller: Caller): Promise<RunRow> {
  const row = await engine.queries.run(runId)
  const own = row?.workspaceId === caller.workspaceId ? row : null
  return found(own, "run_not_found", `there is no run ${runId}`)
}
