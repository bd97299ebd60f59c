/**
 * Where the example's processes are: the file `service.json` that `examples/start.mjs` writes. The variable
 * `EXAMPLE_STATE_FILE` names it; without the variable it lies in `examples/.runtime`. It is read anew by every step,
 * because the service may have been started again since, on other ports.
 */
import { readFile } from "node:fs/promises"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { AgentError } from "./agent.ts"
import { isRecord } from "./http.ts"

export interface ExampleState {
  /** The supervisor's address. */
  readonly service: string
  /** The webhook receiver's address. */
  readonly receiver: string
}

export function stateFile(): string {
  const named = process.env.EXAMPLE_STATE_FILE
  return named || fileURLToPath(new URL("../../../../.runtime/service.json", import.meta.url))
}

/** The folder for what agents write. */
export function runtimeDirectory(): string {
  return dirname(stateFile())
}

export async function exampleState(): Promise<ExampleState> {
  const file = stateFile()
  const state = await readFile(file, "utf8").then(JSON.parse).catch(notStarted(file))
  if (!isRecord(state) || typeof state.service !== "string" || typeof state.receiver !== "string") {
    throw new AgentError("bug", "example_state_invalid", `${file} does not name a service and a receiver`)
  }
  return { service: state.service, receiver: state.receiver }
}

function notStarted(file: string): (error: unknown) => never {
  return (error) => {
    const hint = "start it with `node examples/start.mjs`"
    throw new AgentError("transient", "example_not_running", `no example service at ${file}: ${hint}`, { cause: error })
  }
}
