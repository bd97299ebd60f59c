import type { Command } from "commander"
import { findApproval } from "../find-approval.ts"
import { perform, type Run } from "../perform.ts"
import { decisionText } from "../show/approval.ts"

interface Options {
  readonly to: string
  readonly comment?: string
}

export function approvalsDelegate(group: Command, run: Run): void {
  group
    .command("delegate")
    .description("Hands a decision to somebody else, where the workflow allows it.")
    .argument("<approval>", "the approval's id, or the id of a run that waits for one")
    .requiredOption("--to <who>", "user:ada or team:sre")
    .option("--comment <text>", "what the other should know")
    .action(
      perform<Options>(run, async (session, { to, comment }, id) => {
        const client = await session.client()
        const { runId, approvalId } = await findApproval(client, id!)
        const after = await client.approvals.delegate(runId, approvalId, {
          to,
          ...(comment !== undefined && { comment }),
        })
        session.show(after, () => decisionText(session.style, after))
      }),
    )
}
