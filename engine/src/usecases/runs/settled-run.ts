import type { RunCommands } from "../../door.ts"
import type { RunUseCasePorts } from "./ports.ts"

/** Where the run stands when it is final or the wait is over; null = no such run. */
export const settledRun =
  (ports: RunUseCasePorts): RunCommands["settled"] =>
  (runId, waitMs) =>
    ports.runtime.settled(runId, waitMs)
