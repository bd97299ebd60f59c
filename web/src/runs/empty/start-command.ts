/** Starts a run from a terminal, whatever stands in the names: single quotes keep the shell from reading them. */
export function startCommand(origin: string, workflowId: string, env: string): string {
  const body = { workflowId, input: {}, ...(env !== "default" && { environment: env }) }
  const quoted = JSON.stringify(body).replaceAll("'", "'\\''")
  return `curl -X POST ${origin}/api/v1/workflow-runs -H 'content-type: application/json' -d '${quoted}'`
}
