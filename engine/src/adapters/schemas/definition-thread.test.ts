import { createHash } from "node:crypto"
import { setImmediate as nextTurn } from "node:timers/promises"
import { afterEach, expect, test } from "vitest"
import { EVERYTHING } from "../../core/definition/language/everything.fixture.ts"
import { type DefinitionText, readDefinitionText } from "../../core/definition/read-text.ts"
import { DefinitionThread } from "./definition-thread.ts"
import { createJsonSchemas } from "./json-schemas.ts"

const tools = {
  compileSchema: createJsonSchemas().compile,
  sha256: (text: string) => createHash("sha256").update(text).digest(),
}
const agents = { environment: "dev", agents: [{ name: "worker", environment: "dev" }] }
const of = (text: string, more: Partial<DefinitionText> = {}): DefinitionText => {
  return { text, format: "yaml", file: "a.yaml", agents, ...more }
}

let thread: DefinitionThread
afterEach(() => thread.close())

const head =
  "id: t\nversion: '1'\nstates: [{ name: a, type: operation, action: agent.run, input: { agent: worker }, end: true }]\n"
const long = `${head}inputSchema:\n  properties:\n${Array.from({ length: 400 }, (_, i) => `    p${i}: { type: string }\n`).join("")}`

test("what is read aside is what is read here: definition, problems with their places, and hash", async () => {
  thread = new DefinitionThread(tools, { asideFrom: 0 })
  const texts = [
    of(EVERYTHING),
    of(long),
    of(long.replace("worker", "wroker")),
    of(long.replace("{ type: string }", "{ type: text }")),
    of("id: [", { file: null }),
    of("{}", { format: "json", agents: null }),
  ]
  for (const text of texts) expect(await thread.read(text)).toStrictEqual(readDefinitionText(text, tools))
  expect((await thread.read(of(long))).definition).not.toBeNull()
})

test("short texts are read at once; during a long one the loop goes on", async () => {
  thread = new DefinitionThread(tools)
  expect(thread.read(of(head))).toMatchObject({ hash: expect.any(String) })
  expect(thread.started).toBe(false)
  const order: string[] = []
  const read = Promise.resolve(thread.read(of(long))).then(() => order.push("read"))
  for (let turn = 1; turn <= 3; turn++) await nextTurn().then(() => order.push(`turn ${turn}`))
  await read
  expect(order).toEqual(["turn 1", "turn 2", "turn 3", "read"])
})

test("whoever waits when the thread ends is told; the next text starts another one", async () => {
  thread = new DefinitionThread(tools, { answerMs: 0 })
  await expect(thread.read(of(long))).rejects.toThrow("took too long")
  expect(thread.started).toBe(false)
  const patient = new DefinitionThread(tools, { idleMs: 0 })
  expect(await patient.read(of(long))).toMatchObject({ hash: expect.any(String) })
  await expect.poll(() => patient.started).toBe(false)
  expect(await patient.read(of(long))).toMatchObject({ hash: expect.any(String) })
  await patient.close()
  await expect(patient.read(of(long))).rejects.toThrow("closed")
})
