import type { RunPage } from "@waybill/contract"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { RunningServer } from "../../../server/src/main.ts"
import { ask, type Place, place } from "../../../server/src/testing/real-server.ts"
import { fakeTerminal } from "../testing/fake-terminal.ts"
import { ran } from "../testing/recording-server.ts"
import { readLines } from "./lines.ts"

let at: Place
let server: RunningServer

beforeAll(async () => {
  at = place()
  at.write(
    "workflows/count.workflow.yaml",
    `id: count
version: "1"
name: Count
inputSchema: { type: object, properties: { n: { type: integer } }, required: [n] }
states:
  - { name: done, type: inject, data: { counted: true } }
`,
  )
  server = await at.start()
}, 60_000)
afterAll(async () => {
  await server.close()
  at.remove()
})

const backfill = (input: string, ...more: readonly string[]) =>
  ran(
    ["backfill", "count", "--file", "-", "--rate", "1000/s", ...more],
    fakeTerminal({ input, env: { WAYBILL_URL: server.url } }),
  )
const runs = async (query = "") => {
  const { items } = (await ask(server.url, "GET", `/workflow-runs?${query}`)).body as RunPage
  return items
}

test("a file with bad lines starts nothing and names them; without them it starts each line once, however often", async () => {
  const file = '{"n":1}\n{"n":"two"}\n\n[3]\n{"n":1}\n{"n":4\n'
  const refused = await backfill(file)
  expect(refused.code).toBe(1)
  expect(refused.err).toMatch(
    /nothing was started; 3 lines are bad\n.*line 2: .*\n.*line 4: must be a JSON object\n.*line 6: ./,
  )
  expect((await backfill(file, "--dry-run")).out).toMatch(/^2 lines can be started; 3 lines are bad/)
  expect(await runs()).toEqual([])
  expect((await backfill(file, "--skip-bad", "--tag", "q1")).out).toMatch(/^2 started, 0 were there before; 3 lines/)
  const begun = await runs()
  expect(begun.map(({ origin, tags }) => [origin, tags])).toEqual([
    ["backfill", ["q1"]],
    ["backfill", ["q1"]],
  ])
  expect((await backfill('{ "n": 1 }\n{"n":5}\n{"n":1}\n')).out).toBe("1 started, 2 were there before\n")
  expect(await runs("origin=backfill")).toHaveLength(3)
  expect(await runs("origin=live")).toEqual([])
  expect((await backfill('{"n":1}\n', "--name", "again")).out).toBe("1 started, 0 were there before\n")
  expect((await backfill("", "--rate", "fast")).code).toBe(2)
}, 60_000)

test("a line's key is of what it says, not of how it is written or where it stands", () => {
  const keys = (text: string, name = "a") => readLines(text, ["w", name]).owed.map(({ key }) => key)
  expect(keys('{"a":1,"b":{"c":2,"d":3}}')).toEqual(keys('\n{ "b": {"d":3, "c":2}, "a": 1 }'))
  expect(new Set([...keys('{"a":1}\n{"a":1}\n{"a":2}'), ...keys('{"a":1}', "b")]).size).toBe(4)
})
