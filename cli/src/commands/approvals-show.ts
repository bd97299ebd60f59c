import type { Command } from "commander"
import { findApproval } from "../find-approval.ts"
import { perform, type Run } from "../perform.ts"
import { approvalPage } from "../show/approval.ts"

export function approvalsShow(group: Command, run: Run): void {
  group
    .command("show")
    .description("What is asked, with the evidence beside it, who may decide, and what was decided.")
    .argument("<approval>", "the approval's id, or the id of a run that waits for one")
    .action(
      perform(run, async (session, _options, id) => {
        const approval = await findApproval(await session.client(), id!)
        session.show(approval, () => approvalPage(session.style, approval, session.now()))
      }),
    )
}
