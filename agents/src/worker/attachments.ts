/**
 * `ctx.attach(name, data, { contentType })`: a file for the step, beside its result (settled 28). What an attempt attaches
 * is bounded; more than that fails nothing, and is said in the run's log. Nobody waits for it to be stored.
 */
import type { AgentTask } from "@waybill/engine/ports/agent-host"
import { clean } from "./failure.ts"
import type { Outbox } from "./outbox.ts"

export interface AttachOptions {
  /** Default: `text/plain` of a text, `application/octet-stream` of bytes, `application/json` of anything else. */
  readonly contentType?: string
}

export interface AttachmentLimits {
  readonly attachmentBytesMax: number
  readonly attachmentsMax: number
}

export type Attach = (name: string, data: unknown, options?: AttachOptions) => void

/** @param refused says why something was not taken */
export function createAttach(
  { key }: AgentTask,
  outbox: Outbox,
  limits: AttachmentLimits,
  refused: (message: string) => void,
): Attach {
  let count = 0
  let bytes = 0
  return (name, data, options) => {
    const called = clean(String(name), 255)
    const content = contentOf(data)
    if (content === null)
      return refused(`${JSON.stringify(called)} is not attached: it is no text, no bytes and no JSON.`)
    count += 1
    bytes += content.data.length
    if (count > limits.attachmentsMax || bytes > limits.attachmentBytesMax) {
      const most = `${limits.attachmentsMax} files of ${limits.attachmentBytesMax >> 20} MiB together`
      bytes -= content.data.length
      return refused(`${JSON.stringify(called)} is not attached: an attempt may attach ${most}.`)
    }
    const contentType = clean(String(options?.contentType ?? content.contentType), 255)
    outbox.send({ kind: "attachment", key, name: called, contentType, content: content.data.toString("base64") })
  }
}

function contentOf(data: unknown): { readonly data: Buffer; readonly contentType: string } | null {
  if (typeof data === "string") return { data: Buffer.from(data), contentType: "text/plain; charset=utf-8" }
  const contentType = "application/octet-stream"
  if (ArrayBuffer.isView(data)) return { data: Buffer.from(data.buffer, data.byteOffset, data.byteLength), contentType }
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) return { data: Buffer.from(data), contentType }
  try {
    const text = JSON.stringify(data)
    return text === undefined ? null : { data: Buffer.from(text), contentType: "application/json" }
  } catch {
    return null
  }
}
