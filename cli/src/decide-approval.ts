/** What approve, reject and revise have in common: the decision is sent for exactly what was shown (rule 34). */
import type { Approval } from "@waybill/contract"
import type { Command } from "commander"
import { jsonOf } from "./arguments.ts"
import { CommandFailure } from "./failure.ts"
import { findApproval } from "./find-approval.ts"
import type { Session } from "./session.ts"
import { decisionText } from "./show/approval.ts"

export interface DecisionOptions {
  readonly comment?: string
  readonly form?: string
  readonly contentHash?: string
}

export function decisionOptions(command: Command): Command {
  return command
    .argument("<approval>", "the approval's id, or the id of a run that waits for one")
    .option("--comment <text>", "why")
    .option("--form <json>", "what the approval asks to fill in")
    .option("--content-hash <hash>", "of what you saw, as `approvals show` prints it; its first 8 characters do")
}

export async function decide(session: Session, outcome: string, id: string, options: DecisionOptions): Promise<void> {
  const { comment, contentHash } = options
  const form = jsonOf("--form", options.form)
  const client = await session.client()
  const approval = await findApproval(client, id)
  const after = await client.approvals.decide(approval.runId, approval.approvalId, {
    outcome,
    ...(comment !== undefined && { comment }),
    ...(form !== undefined && { form }),
    ...seenContent(approval, contentHash),
  })
  session.show(after, () => decisionText(session.style, after))
}

const HASH_LENGTH_MIN = 8

/** What is fetched here is not what the person saw, so its hash is not sent for them where the decision is bound to it. */
function seenContent(approval: Approval, seen: string | undefined): { contentHash?: string } {
  if (seen === undefined) {
    if (!approval.bound || approval.state !== "pending") return {}
    throw new CommandFailure({
      code: "content_hash_needed",
      detail: `the decision on ${approval.approvalId} is bound to what was shown`,
      hint: `Read it with \`waybill approvals show ${approval.approvalId}\`, then pass --content-hash.`,
      exitCode: 2,
    })
  }
  const isSame = seen.length >= HASH_LENGTH_MIN && approval.contentHash.startsWith(seen.toLowerCase())
  return { contentHash: isSame ? approval.contentHash : seen }
}
