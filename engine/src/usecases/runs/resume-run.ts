import type { RunCommands } from "../../door.ts"
import { commandRun } from "./command-run.ts"
import type { RunUseCasePorts } from "./ports.ts"

export const resumeRun =
  (ports: RunUseCasePorts): RunCommands["resume"] =>
  (actor, runId, reason, header) =>
    commandRun(ports, actor, runId, { kind: "resume", reason }, header)
