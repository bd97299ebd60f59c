/**
 * A host's way out: messages of one turn of the loop leave as one frame. Log lines have a byte budget a turn, so that an
 * agent that prints in a loop fills neither memory nor the engine's thread; what was dropped is counted and said.
 */
import type { FrameChannel, FromHost } from "../protocol.ts"

const logBytesPerFrame = 256 << 10
/** Larger frames are cut, so that one turn of the engine's loop does not parse many large outputs at once. */
const frameBytes = 1 << 20
/** A line printed after a pause leaves at once: the next thing the task does may be to block this thread for ever. */
const logQuietMs = 50

export interface Outbox {
  send(message: Exclude<FromHost, { kind: "succeeded" | "log" }>): void
  /** `output` is JSON text already: it is checked and bounded, and not written twice. */
  succeed(key: string, output: string, outputBytes: number): void
  log(message: Extract<FromHost, { kind: "log" }>): void
  /** Leaves now, not at the end of the turn. */
  flush(): void
}

export function createOutbox(channel: FrameChannel): Outbox {
  let texts: string[] = []
  let length = 0
  let logLength = 0
  let dropped = 0
  let isScheduled = false
  let flushedAt = 0

  function flush(): void {
    isScheduled = false
    flushedAt = performance.now()
    if (dropped > 0) {
      const message = `${dropped} log lines dropped: more than ${logBytesPerFrame >> 10} KiB in one turn`
      texts.push(JSON.stringify({ kind: "log", key: null, level: "warn", message } satisfies FromHost))
    }
    if (texts.length > 0) channel.post(`[${texts.join(",")}]`)
    texts = []
    length = 0
    logLength = 0
    dropped = 0
  }

  function push(text: string): void {
    if (length + text.length > frameBytes && texts.length > 0) flush()
    texts.push(text)
    length += text.length
    if (isScheduled) return
    isScheduled = true
    setImmediate(flush)
  }

  return {
    send: (message) => push(JSON.stringify(message)),
    succeed: (key, output, outputBytes) =>
      push(`{"kind":"succeeded","key":${JSON.stringify(key)},"outputBytes":${outputBytes},"output":${output}}`),
    log(message) {
      const text = JSON.stringify(message)
      logLength += text.length
      if (logLength > logBytesPerFrame) {
        dropped++
        return
      }
      push(text)
      if (performance.now() - flushedAt > logQuietMs) flush()
    },
    flush,
  }
}
