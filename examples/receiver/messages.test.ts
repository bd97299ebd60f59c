/** What the receiver promises to whoever posts: kept before it is answered, once per key, also after a restart. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { openMessages } from "./messages.mjs"

let file: string
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "waybill-receiver-")), "messages.jsonl")
})
afterEach(() => rmSync(join(file, ".."), { recursive: true }))

const lines = () => readFileSync(file, "utf8").trim().split("\n")

test("a key that was seen is answered with the first message, also by the next process", () => {
  const first = openMessages(file).add({ key: "step_1", text: "hello" })
  const again = openMessages(file).add({ key: "step_1", text: "hello" })
  expect(first.isNew).toBe(true)
  expect(again).toEqual({ message: first.message, isNew: false })
  expect(lines()).toHaveLength(1)
})

test("messages without a key are all kept, under rising ids", () => {
  const messages = openMessages(file)
  const ids = [1, 2, 3].map(() => messages.add({ key: null, text: "hello" }).message.id)
  expect(ids).toEqual(["msg_1", "msg_2", "msg_3"])
  expect(openMessages(file).add({ key: null, text: "hello" }).message.id).toBe("msg_4")
})

test("a line torn by a kill is left out, and the next message is whole", () => {
  openMessages(file).add({ key: "a", text: "whole" })
  appendFileSync(file, '{"key":"b","text":"to')
  openMessages(file).add({ key: "c", text: "after" })
  expect(
    openMessages(file)
      .all()
      .map((message) => message.text),
  ).toEqual(["whole", "after"])
})

test("the newest thousand are kept when the file has grown to twice as many", () => {
  const messages = openMessages(file)
  for (let index = 1; index <= 2_000; index++) messages.add({ key: null, text: String(index) })
  expect(lines()).toHaveLength(1_000)
  expect(messages.all().at(0)?.text).toBe("1001")
  expect(openMessages(file).all().at(-1)?.text).toBe("2000")
}, 60_000)
