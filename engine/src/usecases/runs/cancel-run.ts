import type { RunCommands } from "../../door.ts"
import { commandRun } from "./command-run.ts"
import type { RunUseCasePorts } from "./ports.ts"

export const cancelRun =
  (ports: RunUseCasePorts): RunCommands["cancel"] =>
  (actor, runId, { reason, force }, header) =>
    commandRun(ports, actor, runId, { kind: "cancel", cause: { kind: "cancel", reason, force } }, header)
