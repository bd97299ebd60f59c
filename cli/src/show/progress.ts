/** The line below the news on a terminal: that it lives, for how long, what runs and what it waits for. */
import type { Event } from "@waybill/contract"
import { type Payload, place, text } from "./story-words.ts"
import type { Style } from "./style.ts"
import { duration } from "./times.ts"

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const FRAME_MS = 100
const NAMES_MAX = 3

export interface Progress {
  take(event: Event): void
  /** Never longer than the terminal is wide: a line that wraps could not be rewritten. */
  line(now: number, columns: number): string
}

export function createProgress(style: Style): Progress {
  const places = new Map<string, string>()
  const running = new Set<string>()
  const waiting = new Map<string, string>()
  let began: number | null = null
  let done = 0
  return {
    take(event) {
      began ??= Date.parse(event.at)
      const { stepId, type } = event
      if (stepId === null) return
      const payload = (event.payload ?? {}) as Payload
      if (type === "state.entered") places.set(stepId, place(payload))
      if (type === "step.started") running.add(stepId)
      else if (type.startsWith("step.")) running.delete(stepId)
      if (type === "approval.requested") waiting.set(stepId, "approval of ")
      if (type === "wait.opened") waiting.set(stepId, `signal “${text(payload.signal)}” at `)
      if (type === "step.retry_scheduled") waiting.set(stepId, "retry of ")
      if (type === "step.started") waiting.delete(stepId)
      if (type === "state.exited") {
        done += 1
        running.delete(stepId)
        waiting.delete(stepId)
      }
    },
    line(now, columns) {
      const frame = FRAMES[Math.floor(now / FRAME_MS) % FRAMES.length]!
      const since = began === null ? "" : ` ${duration(Math.max(0, now - began))}`
      const parts = [`${done} done`]
      if (running.size > 0) parts.push(`running ${names([...running].map((id) => places.get(id) ?? id))}`)
      if (waiting.size > 0)
        parts.push(`waiting for ${names([...waiting].map(([id, what]) => what + (places.get(id) ?? id)))}`)
      const line = `${frame}${since} · ${parts.join(" · ")}`
      return style.dim(line.length < columns ? line : `${line.slice(0, Math.max(1, columns - 2))}…`)
    },
  }
}

function names(all: readonly string[]): string {
  const more = all.length - NAMES_MAX
  return all.slice(0, NAMES_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "")
}
