/** Why a policy was put, in words of people: kept as the workspace's own policy leaves it. */
import { type RedactionDoor, redactedText } from "@waybill/engine"

export function keptNote({ redaction }: RedactionDoor, workspaceId: string, note: string | undefined): string | null {
  if (note === undefined) return null
  return redactedText(redaction, { workspaceId, environment: "", workflowId: "", kind: "comment" }, note)
}
