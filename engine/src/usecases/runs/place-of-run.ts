/** Where a run belongs, for redaction at the door (rule 9). Null: there is no such run. */
import type { RedactionPlace } from "../../ports/redaction.ts"
import type { RunUseCasePorts } from "./ports.ts"

export function placeOfRun(ports: RunUseCasePorts, runId: string): Promise<Omit<RedactionPlace, "kind"> | null> {
  return ports.runtime.inspect(runId, (state) => {
    if (state === null) return null
    const { workspaceId, environment, workflowId } = state.created
    return { workspaceId, environment, workflowId }
  })
}
