/** What the verbs over one existing run share: the role, the key, the command, the run's row as the answer. */

import { mayEver } from "../../core/policy/roles.ts"
import type { Actor, Command } from "../../core/run/commands.ts"
import type { RunRow } from "../../core/views/rows.ts"
import type { Answer, IdempotencyHeader } from "../../door.ts"
import { redactedCommand } from "../../runtime/redacted-command.ts"
import type { AnswerForm } from "./idempotency.ts"
import { placeOfRun } from "./place-of-run.ts"
import type { Committed, RunUseCasePorts } from "./ports.ts"
import { no } from "./refusal.ts"

const rowForm: AnswerForm<RunRow> = {
  encode: (commit) => JSON.stringify(commit.run),
  decode: (text) => JSON.parse(text) as RunRow,
}

export function commandRun(
  ports: RunUseCasePorts,
  actor: Actor,
  runId: string,
  command: Command,
  header: IdempotencyHeader | null,
): Promise<Answer<RunRow>> {
  return commandAs(ports, actor, runId, command, header, rowForm, ({ run }) => run)
}

export async function commandAs<T>(
  ports: RunUseCasePorts,
  actor: Actor,
  runId: string,
  command: Command,
  header: IdempotencyHeader | null,
  form: AnswerForm<T>,
  value: (done: Committed) => T,
): Promise<Answer<T>> {
  const allowed = mayEver(actor, "operate")
  if (!allowed.allowed) return no("forbidden", allowed.reason)
  return ports.idempotency.once<T>(header, form, async (answer) => {
    const kept = await withoutSecrets(ports, runId, command)
    const outcome = await ports.runtime.submit({ runId, actor, command: kept, answer })
    if (outcome.kind === "rejected") return { ok: false, rejection: outcome.rejection }
    return { ok: true, value: value(outcome), position: outcome.position }
  })
}

/** Which policy holds is the run's: it is looked for only where a person said something in words. */
async function withoutSecrets(ports: RunUseCasePorts, runId: string, command: Command): Promise<Command> {
  const says =
    ((command.kind === "pause" || command.kind === "resume") && command.reason !== null) ||
    (command.kind === "delegate-approval" && command.comment !== null) ||
    (command.kind === "cancel" && "reason" in command.cause && command.cause.reason !== null)
  const place = says ? await placeOfRun(ports, runId) : null
  return place === null ? command : redactedCommand(ports.runtime.ports.redaction, place, command)
}
