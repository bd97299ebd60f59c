import { describe, expect, test } from "vitest"
import type { FromHost } from "../protocol.ts"
import { createOutbox } from "./outbox.ts"

function opened() {
  const sent: FromHost[] = []
  const channel = { post: (frame: string) => sent.push(...(JSON.parse(frame) as FromHost[])) }
  return { sent, outbox: createOutbox(channel as never) }
}
const said = (message: FromHost) =>
  message.kind === "log" ? `${message.key} ${message.level} ${message.message}` : message.kind
const line = (key: string | null, message: string) => ({ kind: "log", key, level: "info", message }) as const

describe("log lines of a delivery", () => {
  test("end after five thousand with one that says so; another delivery has its own", () => {
    const { sent, outbox } = opened()
    for (let n = 0; n < 5_010; n++) {
      outbox.log(line("a", `${n}`))
      outbox.flush()
    }
    outbox.log(line("b", "mine"))
    outbox.flush()
    expect(sent).toHaveLength(5_002)
    expect(sent.slice(-3).map(said)).toEqual([
      "a info 4999",
      "a warn more than 5000 log lines: what follows is dropped",
      "b info mine",
    ])
  })

  test("that are too much for one turn are counted, and said before the delivery ends", () => {
    const { sent, outbox } = opened()
    const long = "x".repeat(100 << 10)
    for (let n = 0; n < 5; n++) outbox.log(line("a", long))
    outbox.log(line("b", long))
    outbox.succeed("a", "{}", 2)
    outbox.flush()
    expect(sent.map((message) => said(message).slice(0, 30))).toEqual([
      `a info ${long}`.slice(0, 30),
      `a info ${long}`.slice(0, 30),
      // The first has left at once, as a line after a pause does.
      `a info ${long}`.slice(0, 30),
      "a warn 2 log lines dropped: mo",
      "succeeded",
      "b warn 1 log lines dropped: mo",
    ])
  })
})
