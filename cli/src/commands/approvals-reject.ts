import type { Command } from "commander"
import { type DecisionOptions, decide, decisionOptions } from "../decide-approval.ts"
import { perform, type Run } from "../perform.ts"

export function approvalsReject(group: Command, run: Run): void {
  decisionOptions(
    group.command("reject").description("Rejects. The run goes on where its workflow says, or is cancelled."),
  ).action(perform<DecisionOptions>(run, (session, options, id) => decide(session, "reject", id!, options)))
}
