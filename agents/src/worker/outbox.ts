/**
 * A host's way out: messages of one turn of the loop leave as one frame. Log lines have a byte budget a turn and a number a
 * delivery, so that an agent that prints in a loop fills neither memory nor the engine's thread; what was dropped is counted
 * and said where it is missing.
 */
import type { FrameChannel, FromHost } from "../protocol.ts"

const logBytesPerFrame = 256 << 10
/** Of one delivery: reading and redacting them costs the engine some 10 µs each. */
const linesPerDelivery = 5_000
/** Deliveries whose lines are counted. */
const countedMax = 1_000
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
  const lines = new Map<string | null, number>()
  const dropped = new Map<string | null, number>()
  let isScheduled = false
  let flushedAt = 0

  function flush(): void {
    isScheduled = false
    flushedAt = performance.now()
    for (const key of [...dropped.keys()]) texts.push(...dropNote(key))
    if (texts.length > 0) channel.post(`[${texts.join(",")}]`)
    texts = []
    length = 0
    logLength = 0
  }

  /** Before a delivery's end: nothing is of it behind that. */
  function dropNote(key: string | null): readonly string[] {
    const number = dropped.get(key)
    if (number === undefined) return []
    dropped.delete(key)
    const message = `${number} log lines dropped: more than ${logBytesPerFrame >> 10} KiB in one turn`
    return [JSON.stringify({ kind: "log", key, level: "warn", message } satisfies FromHost)]
  }

  function push(text: string): void {
    if (length + text.length > frameBytes && texts.length > 0) flush()
    texts.push(text)
    length += text.length
    if (isScheduled) return
    isScheduled = true
    setImmediate(flush)
  }

  /** Of what no task can be named for, each line is its own: it is bounded by the bytes of a turn alone. */
  function counted(key: string | null): number {
    if (key === null) return 1
    const number = (lines.get(key) ?? 0) + 1
    lines.set(key, number)
    if (lines.size > countedMax) lines.delete(lines.keys().next().value!)
    return number
  }

  return {
    send(message) {
      if ("key" in message) for (const note of dropNote(message.key)) push(note)
      push(JSON.stringify(message))
    },
    succeed(key, output, outputBytes) {
      for (const note of dropNote(key)) push(note)
      push(`{"kind":"succeeded","key":${JSON.stringify(key)},"outputBytes":${outputBytes},"output":${output}}`)
    },
    log(message) {
      const { key } = message
      const number = counted(key)
      if (number > linesPerDelivery) {
        if (number > linesPerDelivery + 1) return
        const told = `more than ${linesPerDelivery} log lines: what follows is dropped`
        return push(JSON.stringify({ kind: "log", key, level: "warn", message: told } satisfies FromHost))
      }
      const text = JSON.stringify(message)
      logLength += text.length
      if (logLength > logBytesPerFrame) {
        dropped.set(key, (dropped.get(key) ?? 0) + 1)
        return
      }
      push(text)
      if (performance.now() - flushedAt > logQuietMs) flush()
    },
    flush,
  }
}
