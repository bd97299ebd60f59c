import type { RunCommands } from "../../door.ts"
import { commandRun } from "./command-run.ts"
import type { RunUseCasePorts } from "./ports.ts"

export const pauseRun =
  (ports: RunUseCasePorts): RunCommands["pause"] =>
  (actor, runId, reason, header) =>
    commandRun(ports, actor, runId, { kind: "pause", reason }, header)
