/** What an endpoint is told of, by the names of workflows and an environment: they are shown as they were typed. */
import { noSecret } from "../../access/refuse-secrets.ts"

/** @returns JSON, as it is stored */
export function namesOf(workflows: readonly string[]): string {
  return JSON.stringify(workflows.map((name) => noSecret("workflows", name)))
}

export function nameOf(environment: string | null): string | null {
  return environment === null ? null : noSecret("environment", environment)
}
