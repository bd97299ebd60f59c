import type { RunCommands } from "../../door.ts"
import { commandRun } from "./command-run.ts"
import type { RunUseCasePorts } from "./ports.ts"

/** Ends a backoff or an `onExhausted: pause` (settled 13), and tries a quarantined run again (rule 1). */
export const retryNow =
  (ports: RunUseCasePorts): RunCommands["retryNow"] =>
  (actor, runId, stepId, header) =>
    commandRun(ports, actor, runId, { kind: "retry-now", stepId }, header)
