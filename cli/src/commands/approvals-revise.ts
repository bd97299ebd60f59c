import type { Command } from "commander"
import { type DecisionOptions, decide, decisionOptions } from "../decide-approval.ts"
import { perform, type Run } from "../perform.ts"

export function approvalsRevise(group: Command, run: Run): void {
  decisionOptions(group.command("revise").description("Sends back for revision, where the workflow offers it.")).action(
    perform<DecisionOptions>(run, (session, options, id) => decide(session, "revise", id!, options)),
  )
}
