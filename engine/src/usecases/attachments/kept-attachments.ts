/**
 * Keeps what agents attach to their step (settled 28). It is stored behind them, one after the other: a step never waits
 * for it and never fails by it. What is not kept is said in the run's own log, under the step that brought it.
 */
import type { Answer } from "../../door.ts"
import type { AttachmentRow } from "../../ports/attachments.ts"
import type { StepAttachment, StepAttachments } from "../../ports/step-attachments.ts"
import type { StepLogs } from "../../ports/step-logs.ts"
import type { AttachmentAsked } from "./attach.ts"

export interface KeptAttachmentPorts {
  attach(asked: AttachmentAsked): Promise<Answer<AttachmentRow>>
  readonly logs: StepLogs
}

export class KeptAttachments implements StepAttachments {
  readonly #ports: KeptAttachmentPorts
  readonly #waitingMax: number
  #waiting: StepAttachment[] = []
  #chars = 0
  #storing: Promise<void> | null = null
  #dropped = 0

  /** @param waitingMax characters of contents that wait for the disk */
  constructor(ports: KeptAttachmentPorts, waitingMax: number) {
    this.#ports = ports
    this.#waitingMax = waitingMax
  }

  /** That were kept nowhere since the start. */
  get dropped(): number {
    return this.#dropped
  }

  keep(attachment: StepAttachment): void {
    if (this.#chars + attachment.content.length > this.#waitingMax)
      return this.#lost(attachment, "more is attached than the disk takes")
    this.#waiting.push(attachment)
    this.#chars += attachment.content.length
    this.#storing ??= this.#storeAll()
  }

  /** All that waits is stored, or said to be lost. */
  async flush(): Promise<void> {
    while (this.#storing !== null) await this.#storing
  }

  async #storeAll(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        const answer = await this.#ports.attach(askedOf(next))
        if (!answer.ok) this.#lost(next, answer.rejection.message)
      } catch (error) {
        this.#lost(next, error instanceof Error ? error.message : String(error))
      }
      this.#chars -= next.content.length
    }
    this.#storing = null
  }

  #lost({ place, stepId, attempt, name }: StepAttachment, why: string): void {
    this.#dropped += 1
    const message = `The attachment ${JSON.stringify(name.slice(0, 255))} was not kept: ${why}.`
    this.#ports.logs.keep({ environment: place.environment, level: "warn", message, place, stepId, attempt })
  }
}

function askedOf({ place, agent, content, ...rest }: StepAttachment): AttachmentAsked {
  const { stepId, attempt, name, contentType } = rest
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0))
  const { runId, workspaceId, workflowId, environment } = place
  return {
    runId,
    workspaceId,
    workflowId,
    environment,
    actor: `agent:${agent}`,
    stepId,
    attempt,
    name,
    contentType,
    content: bytes,
  }
}
