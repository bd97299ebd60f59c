import type { RunCommands } from "../../door.ts"
import { commandApproval } from "./decide-approval.ts"
import type { RunUseCasePorts } from "./ports.ts"

export const delegateApproval =
  (ports: RunUseCasePorts): RunCommands["delegateApproval"] =>
  (actor, runId, approval, to, comment, header) =>
    commandApproval(ports, actor, runId, approval, { kind: "delegate-approval", approval, to, comment }, header)
