/** A person's decision (dsl.md §6). Who comes second is told who was first. */
import type { Json } from "../../core/json.ts"
import type { Actor, Command, Rejection } from "../../core/run/commands.ts"
import { sameVote } from "../../core/run/decide/approvals.ts"
import type { Vote } from "../../core/run/state.ts"
import type { ApprovalRow } from "../../core/views/rows.ts"
import type { Answer, IdempotencyHeader, RunCommands } from "../../door.ts"
import { commandAs } from "./command-run.ts"
import { formProblem } from "./held-as-it-came.ts"
import { placeOfRun } from "./place-of-run.ts"
import type { RunUseCasePorts } from "./ports.ts"

export const decideApproval =
  (ports: RunUseCasePorts): RunCommands["decideApproval"] =>
  async (actor, runId, approval, { outcome, comment, form, contentHash }, header) => {
    const place = await placeOfRun(ports, runId)
    const kept = (kind: "form" | "comment", value: Json): Json =>
      place === null ? value : ports.runtime.ports.redaction.redact({ ...place, kind }, value)
    const words = comment === null ? null : kept("comment", comment)
    const said = { outcome, comment: typeof words === "string" ? words : null, form: kept("form", form) }
    if (said.form !== form && outcome !== "reject") {
      const rejection = await formProblem(ports, runId, approval, form)
      if (rejection !== null) return { ok: false, rejection }
    }
    const command = { kind: "decide-approval", approval, ...said, contentHash } as const
    const answer = await commandApproval(ports, actor, runId, approval, command, header)
    if (answer.ok || answer.rejection.code !== "approval_closed") return answer
    const row = await ports.approval(approval)
    if (row === null || !wasDecidedBy(row, actor, said)) return answer
    return { ok: true, value: row, position: ports.runtime.feed.head() }
  }

/** Deciding is idempotent (dsl.md §6): who said this before, and is heard again after the end, has decided. */
function wasDecidedBy(row: ApprovalRow, actor: Actor, said: Omit<Vote, "by">): boolean {
  if (row.state !== "approved" && row.state !== "rejected" && row.state !== "revised") return false
  return (JSON.parse(row.votes) as Vote[]).some((vote) => vote.by === actor.id && sameVote(vote, said))
}

export async function commandApproval(
  ports: RunUseCasePorts,
  actor: Actor,
  runId: string,
  approval: string,
  command: Command,
  header: IdempotencyHeader | null,
): Promise<Answer<ApprovalRow>> {
  const find = (rows: readonly ApprovalRow[] | undefined): ApprovalRow | undefined =>
    rows?.find((row) => row.approvalId === approval)
  const form = {
    encode: (commit: { readonly approvals: readonly ApprovalRow[] }) => JSON.stringify(find(commit.approvals) ?? null),
    decode: (text: string) => JSON.parse(text) as ApprovalRow,
  }
  const answer = await commandAs<ApprovalRow | undefined>(ports, actor, runId, command, header, form, ({ commit }) =>
    find(commit?.approvals),
  )
  if (!answer.ok) return { ok: false, rejection: await explained(ports, runId, approval, answer.rejection) }
  const row = answer.value ?? (await ports.approval(approval))
  if (row === null) throw new Error(`approval ${approval} was decided and has no row`)
  return { ...answer, value: row }
}

/** The approval is closed, or never was: the row tells which, and by whom. */
async function explained(
  ports: RunUseCasePorts,
  runId: string,
  approval: string,
  rejection: Rejection,
): Promise<Rejection> {
  if (rejection.code !== "approval_closed" && rejection.code !== "run_finished") return rejection
  const row = await ports.approval(approval)
  if (row === null || row.runId !== runId)
    return { code: "approval_not_found", message: `run ${runId} has no approval ${approval}` }
  if (row.state === "pending") return rejection
  const decidedBy = row.decidedBy === null ? [] : (JSON.parse(row.decidedBy) as string[])
  // Goes to the client as it is: times on the wire are RFC 3339.
  const decidedAt = row.decidedAt === null ? null : new Date(row.decidedAt).toISOString()
  const who = decidedBy.length === 0 ? "" : ` by ${decidedBy.join(", ")}`
  return {
    code: "approval_closed",
    message: `approval ${approval} is closed: ${row.state}${who}`,
    data: { approval, state: row.state, outcome: row.outcome, decidedBy, decidedAt },
  }
}
