import type { Command } from "commander"
import { type DecisionOptions, decide, decisionOptions } from "../decide-approval.ts"
import { perform, type Run } from "../perform.ts"

export function approvalsApprove(group: Command, run: Run): void {
  decisionOptions(group.command("approve").description("Approves. The run goes on.")).action(
    perform<DecisionOptions>(run, (session, options, id) => decide(session, "approve", id!, options)),
  )
}
