/** What is written into a terminal or a file to make a workflow or to change one. */
import type { WorkflowSummary } from "@waybill/contract"

export const FIRST_FILE = `id: hello
version: "1.0"
name: Hello
inputSchema:
  type: object
  properties:
    name: { type: string, default: world }
start: greet
states:
  - name: greet
    type: inject
    templated: true
    data: { text: "Hello {{ ctx.name }}" }
    resultPath: greeting
    end: true
`

export const syncCommand = (env: string, ...options: readonly string[]): string =>
  ["waybill sync", ...(env === "default" ? [] : [quoted(env)]), ...options].join(" ")

export const createCommand = (origin: string, env: string, file: string): string =>
  `curl -X POST '${origin}/api/v1/workflows${envQuery(env)}' \\\n  -H 'content-type: application/yaml' --data-binary @${file}`

export function updateCommand(
  origin: string,
  { workflowId, environment }: Pick<WorkflowSummary, "workflowId" | "environment">,
  format: "yaml" | "json",
): string {
  const address = `${origin}/api/v1/workflows/${encodeURIComponent(workflowId)}${envQuery(environment)}`
  return `curl -X PUT ${quoted(address)} \\\n  -H 'content-type: application/${format}' --data-binary @${fileName(workflowId, format)}`
}

/** As the sync would find it; a name that the shell would read otherwise is put in quotes. */
export const fileName = (workflowId: string, format: "yaml" | "json"): string =>
  quoted(`${workflowId.replaceAll("/", "_")}.workflow.${format}`)

const envQuery = (env: string) => (env === "default" ? "" : `?env=${encodeURIComponent(env)}`)

const quoted = (word: string) => (/^[\w./:?=&%@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
