/**
 * Received messages in a file of JSON lines: appended and synced one by one, read back at the next start, cut to the
 * newest thousand when twice as many lie there. A torn last line (the process was killed while writing) is left out.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs"

const KEPT_MAX = 1_000

export function openMessages(file) {
  let messages = existsSync(file) ? readFileSync(file, "utf8").split("\n").flatMap(parsed) : []
  let next = (messages.at(-1)?.number ?? 0) + 1
  compact()

  function compact() {
    messages = messages.slice(-KEPT_MAX)
    writeFileSync(`${file}.tmp`, messages.map((message) => `${JSON.stringify(message)}\n`).join(""))
    renameSync(`${file}.tmp`, file)
  }

  function append(message) {
    const handle = openSync(file, "a")
    try {
      writeSync(handle, `${JSON.stringify(message)}\n`)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  }

  return {
    all: () => messages,
    /** @returns {{ message: object, isNew: boolean }} the message of that key that came first */
    add(received) {
      const first = received.key === null ? undefined : messages.find((message) => message.key === received.key)
      if (first) return { message: first, isNew: false }
      const message = { ...received, id: `msg_${next}`, number: next, receivedAt: new Date().toISOString() }
      append(message)
      messages.push(message)
      next += 1
      if (messages.length >= 2 * KEPT_MAX) compact()
      return { message, isNew: true }
    },
  }
}

function parsed(line) {
  try {
    return line === "" ? [] : [JSON.parse(line)]
  } catch {
    return []
  }
}
