/**
 * Adds a file to a run, whoever brings it: checked, redacted, on disk, and only then in the store, with the answer to its
 * key. What the store does not take is removed again.
 */

import type { Answer, IdempotencyHeader } from "../../door.ts"
import type {
  AttachmentBounds,
  AttachmentRow,
  AttachmentStore,
  AttachmentWritten,
  ContentFiles,
  NewAttachment,
} from "../../ports/attachments.ts"
import type { Chance } from "../../ports/chance.ts"
import type { Clock } from "../../ports/clock.ts"
import { type Redaction, redactedText } from "../../ports/redaction.ts"
import type { IdempotentAnswer, RunStore } from "../../ports/store.ts"
import { answeredBefore } from "../answered-before.ts"
import type { KeyGate } from "../key-gate.ts"
import { no } from "../runs/refusal.ts"
import { redactedContent } from "./redacted-content.ts"

export interface AttachLimits extends AttachmentBounds {
  /** Of one content. */
  readonly contentBytesMax: number
  readonly idempotencyKeepMs: number
}

export interface AttachPorts {
  readonly store: AttachmentStore
  readonly files: ContentFiles
  readonly answers: Pick<RunStore, "findAnswer">
  readonly redaction: Redaction
  readonly clock: Clock
  readonly chance: Chance
  readonly gate: KeyGate
  readonly sha256Hex: (content: Uint8Array) => string
}

export interface AttachmentAsked {
  readonly runId: string
  readonly workspaceId: string
  readonly environment: string
  readonly workflowId: string
  readonly actor: string
  readonly stepId: string | null
  readonly attempt: number | null
  readonly name: string
  readonly contentType: string
  readonly content: Uint8Array
}

export const attachmentNameMax = 255

export async function attach(
  ports: AttachPorts,
  limits: AttachLimits,
  asked: AttachmentAsked,
  header: IdempotencyHeader | null,
): Promise<Answer<AttachmentRow>> {
  const wrong = problemOf(limits, asked)
  if (wrong !== null) return wrong
  if (header === null) return attachNow(ports, limits, asked, null)
  return ports.gate.inTurn(JSON.stringify([header.scope, header.key]), async () => {
    return (await answered(ports, header)) ?? attachNow(ports, limits, asked, header)
  })
}

async function answered(ports: AttachPorts, header: IdempotencyHeader): Promise<Answer<AttachmentRow> | null> {
  const before = await answeredBefore(ports.answers, header, ports.clock.now())
  if (before === null) return null
  if (!before.isSame)
    return no("idempotency_key_reused", "this Idempotency-Key was used with another body", {
      data: { runId: before.runId },
    })
  const row = JSON.parse(before.answer) as AttachmentRow
  return { ok: true, value: (await ports.store.get(row.attachmentId)) ?? row, position: 0 }
}

function problemOf({ contentBytesMax }: AttachLimits, { name, contentType, content }: AttachmentAsked) {
  if (name.length === 0 || name.length > attachmentNameMax || /[\p{Cc}\p{Cf}\p{Cs}/\\]/u.test(name))
    return no("invalid_request", `a name has 1 to ${attachmentNameMax} characters, none of them a slash or invisible`, {
      data: { pointer: "/name" },
    })
  if (contentType.length > 255 || !/^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[\w-]+=(?:[\w.+-]+|"[\w .+-]*"))*$/.test(contentType))
    return no("invalid_request", `the content type is none: ${JSON.stringify(contentType.slice(0, 100))}`, {
      data: { pointer: "/contentType" },
    })
  if (content.length === 0) return no("invalid_request", "the body is empty", { data: { pointer: "" } })
  if (content.length > contentBytesMax)
    return no("payload_too_large", `an attachment has at most ${contentBytesMax} bytes, this one has ${content.length}`)
  return null
}

async function attachNow(
  ports: AttachPorts,
  limits: AttachLimits,
  asked: AttachmentAsked,
  header: IdempotencyHeader | null,
): Promise<Answer<AttachmentRow>> {
  const { workspaceId, runId } = asked
  const made = await madeOf(ports, asked)
  const row = (number: number): AttachmentRow => ({ ...made.row, workspaceId, number, archived: false })
  await ports.files.write(made.row.file, made.content)
  const answer = header === null ? null : (number: number) => answerOf(ports, limits, header, row(number))
  let written: AttachmentWritten | null = null
  try {
    written = await ports.store.add(made.row, limits, answer)
  } finally {
    if (written?.kind !== "durable") await ports.files.remove([made.row.file])
  }
  switch (written.kind) {
    case "durable":
      return { ok: true, value: row(written.number), position: 0 }
    case "known":
      return { ok: true, value: (await ports.store.get(written.attachmentId))!, position: 0 }
    case "missing":
    case "expired":
      return no(
        "evidence_expired",
        `the values of run ${runId} have gone to the archive, or for good by its retention: nothing is added to it`,
      )
    case "full":
      return no("too_many_attachments", fullText(limits))
    case "duplicate_key":
      return (await answered(ports, header!)) ?? no("overloaded", "another request with this key is under way")
  }
}

function fullText({ countMax, bytesMax }: AttachmentBounds): string {
  return `a run has at most ${countMax} attachments, of ${bytesMax >> 20} MiB together`
}

async function madeOf(
  ports: AttachPorts,
  asked: AttachmentAsked,
): Promise<{ readonly row: NewAttachment; readonly content: Uint8Array }> {
  const { runId, workspaceId, environment, workflowId, actor, stepId, attempt, contentType } = asked
  const place = { workspaceId, environment, workflowId }
  const kind = stepId === null ? "comment" : "output"
  const { content, redacted } = await redactedContent(
    asked.content,
    contentType,
    (value) => ports.redaction.redact({ ...place, kind }, value),
    () => new Promise((resolve) => ports.clock.setTimer(0, resolve)),
  )
  const name = redactedText(ports.redaction, { ...place, kind: "identifier" }, asked.name)
  const row: NewAttachment = {
    attachmentId: ports.chance.id("att"),
    runId,
    at: ports.clock.now(),
    actor,
    stepId,
    attempt,
    name,
    contentType: typeWithoutSecrets(contentType, (text) =>
      redactedText(ports.redaction, { ...place, kind: "identifier" }, text),
    ),
    bytes: content.length,
    sha256: ports.sha256Hex(content),
    redacted,
    file: ports.chance.hex(32),
  }
  return { row, content }
}

/** Its parameters may say anything; a marker would make it none. */
function typeWithoutSecrets(contentType: string, kept: (text: string) => string): string {
  const [essence = ""] = contentType.split(";")
  const plain = [contentType, essence.trim()].find((one) => kept(one) === one)
  return plain ?? "application/octet-stream"
}

function answerOf(
  ports: AttachPorts,
  limits: AttachLimits,
  header: IdempotencyHeader,
  row: AttachmentRow,
): IdempotentAnswer {
  const { scope, key, bodyHash, keepMs } = header
  const expiresAt = ports.clock.now() + (keepMs ?? limits.idempotencyKeepMs)
  return { scope, key, bodyHash, runId: row.runId, answer: JSON.stringify(row), expiresAt }
}
