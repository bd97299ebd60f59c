import { expect, test } from "vitest"
import type { MessageRow, RunStore } from "../ports/store.ts"
import { BlobCache } from "./blob-cache.ts"
import { type Envelope, rejected } from "./envelope.ts"
import type { Message } from "./message.ts"
import { Messages } from "./messages.ts"

const cancel: Message = { kind: "cancel-child", cause: { kind: "parent_cancel", reason: null, force: false } }
const start: Message = {
  kind: "start-child",
  parentStepId: "step_1",
  workflowId: "child",
  version: null,
  input: { value: {} },
}

/** Messages over a store that keeps rows, and runs that answer with a code: null takes the message. */
function post(stored: readonly MessageRow[]) {
  const rows = new Map(stored.map((row) => [row.messageId, row]))
  const asked: string[] = []
  const mail = { rows, asked, answer: null as string | null }
  const messages = new Messages({
    store: {
      messages: async () => [...rows.values()],
      forgetMessages: async (ids: readonly string[]) => void ids.map((id) => rows.delete(id)),
    } as unknown as RunStore,
    blobCache: new BlobCache(1 << 20),
    log: { write: () => {} },
    prepareChild: async () => ({
      ok: true,
      start: { command: { kind: "resume", reason: null } } as unknown as Pick<
        Envelope,
        "actor" | "command" | "definition" | "definitionKey"
      >,
    }),
    submit: (envelope: Envelope) => {
      asked.push(`${envelope.command.kind} ${envelope.messagesIn[0]}`)
      if (mail.answer !== null) return envelope.settle(rejected(mail.answer, mail.answer))
      for (const id of envelope.messagesIn) rows.delete(id)
      envelope.settle({ kind: "committed", position: 1, run: {} as never, commit: null })
    },
    fatal: (message) => {
      throw new Error(message)
    },
  })
  return Object.assign(mail, { messages })
}

const row = (n: number, message: Message): MessageRow => ({
  messageId: `run_parent:${n}`,
  toRunId: "run_child",
  kind: message.kind,
  body: JSON.stringify(message),
})

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test.each(["draining", "store_unavailable", "mailbox_full", "run_quarantined", "internal_error"])(
  "a message that is refused with %s stays stored, and is taken by a later process",
  async (code) => {
    for (const message of [start, cancel]) {
      const before = post([row(1, message)])
      before.answer = code
      await before.messages.resend()
      await turn()
      expect([...before.rows.keys()]).toEqual(["run_parent:1"])
      const after = post([...before.rows.values()])
      await after.messages.resend()
      await turn()
      expect(after.rows.size).toBe(0)
    }
  },
)

test("what comes behind a message that waits, waits with it", async () => {
  const mail = post([])
  const send = (n: number, message: Message) => {
    mail.rows.set(`run_parent:${n}`, row(n, message))
    mail.messages.deliver(row(n, message))
  }
  mail.answer = "mailbox_full"
  send(1, start)
  send(2, cancel)
  await turn()
  mail.answer = null
  send(3, cancel)
  await turn()
  expect(mail.asked).toEqual(["resume run_parent:1"])
  await mail.messages.resend()
  await turn()
  expect(mail.asked.slice(1)).toEqual(["resume run_parent:1", "cancel run_parent:2", "cancel run_parent:3"])
  expect(mail.rows.size).toBe(0)
})
