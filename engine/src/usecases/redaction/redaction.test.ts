import { describe, expect, test } from "vitest"
import type { Json } from "../../core/json.ts"
import type { AgentMessage } from "../../ports/agent-host.ts"
import { memoryPolicies, readableKeys } from "../../testing/builders/redaction.ts"
import { openRedaction, type RedactionDoor } from "./index.ts"
import { PolicyBook } from "./policy-book.ts"
import { redactingHost } from "./redacting-host.ts"

const logged: { level: string; message: string }[] = []
const opened = (store = memoryPolicies()): Promise<RedactionDoor> =>
  openRedaction({
    store,
    keys: readableKeys,
    clock: { now: () => 1_000 } as never,
    log: { write: (level, message) => void logged.push({ level, message }) },
  })

const ann = { workspaceId: "default", environment: "default", workflowId: "greet", kind: "input" } as const
const put = (door: RedactionDoor, policy: Json, workflowId: string | null = null, basedOn: number | null = null) =>
  door.put({ workspaceId: "default", workflowId, policy, note: null, basedOn, by: "user:ann" })

describe("policies", () => {
  test("hold from the moment they are put, for their workspace only", async () => {
    const door = await opened()
    expect(door.redaction.redact(ann, { name: "Ann" })).toEqual({ name: "Ann" })
    await put(door, { fields: [{ path: "name", method: "redact" }] })
    expect(door.redaction.redact(ann, { name: "Ann" })).toEqual({ name: "[redacted:name]" })
    expect(door.redaction.redact({ ...ann, workspaceId: "other" }, { name: "Ann" })).toEqual({ name: "Ann" })
  })

  test("of a workflow go before those of its workspace, and come back when they are taken away", async () => {
    const door = await opened()
    await put(door, { fields: [{ path: "name", method: "redact" }], detectors: { email: "redact" } })
    await put(door, { fields: [{ path: "name", method: "keep" }] }, "greet")
    const value = { name: "Ann", mail: "ann@example.com" }
    expect(door.redaction.redact(ann, value)).toEqual({ name: "Ann", mail: "[redacted:email]" })
    expect(door.redaction.redact({ ...ann, workflowId: "other" }, value)).toMatchObject({ name: "[redacted:name]" })
    await put(door, null, "greet")
    expect(door.redaction.redact(ann, value)).toMatchObject({ name: "[redacted:name]" })
    expect(door.list("default").map(({ workflowId }) => workflowId)).toEqual([null])
  })

  test("are there again after a start, in versions", async () => {
    const store = memoryPolicies()
    const first = await opened(store)
    await put(first, { fields: [{ path: "name", method: "hash" }] })
    const again = await opened(store)
    expect(again.newest({ workspaceId: "default", workflowId: null })).toMatchObject({ version: 1, by: "user:ann" })
    expect(again.redaction.redact(ann, { name: "Ann" })).toEqual({
      name: `[hash:name:${readableKeys.sealsOf("default").hash('"Ann"')}]`,
    })
  })

  test("made from a version that is not the newest are refused, and what is wrong with one is said", async () => {
    const door = await opened()
    expect(await put(door, {}, null, 0)).toMatchObject({ kind: "put", row: { version: 1 } })
    expect(await put(door, {}, null, 0)).toEqual({ kind: "stale", version: 1 })
    expect(await put(door, { detectors: { mail: "redact" } })).toMatchObject({
      kind: "invalid",
      problems: [{ pointer: "/detectors/mail" }],
    })
  })

  test("tried on samples change nothing", async () => {
    const door = await opened()
    const samples = [{ kind: "input" as const, value: { mail: "ann@example.com" } }]
    const scope = { workspaceId: "default", workflowId: null }
    expect(door.dryRun(scope, { detectors: { email: "redact" } }, samples)).toEqual({
      kind: "done",
      results: [
        {
          value: { mail: "[redacted:email]" },
          hits: [{ pointer: "/mail", method: "redact", found: "email", path: null }],
        },
      ],
    })
    expect(door.dryRun(scope, null, samples)).toMatchObject({ results: [{ value: { mail: "ann@example.com" } }] })
    expect(door.redaction.redact(ann, samples[0]!.value)).toEqual({ mail: "ann@example.com" })
  })

  test("tell of each name in which forms it may stand, each way once, and anew when one of them changes", async () => {
    const door = await opened()
    const ann = "ann@example.com"
    const named = (workspaceId = "default") => door.redaction.namesOf(workspaceId, ann)
    for (const workflow of ["a", "b", "c"]) await put(door, { fields: [{ path: "name", method: "hash" }] }, workflow)
    expect(named()).toEqual([ann])
    await put(door, { detectors: { email: "redact" } }, "d")
    expect([named(), named("other")]).toEqual([[ann, "[redacted:email]"], [ann]])
    await put(door, { detectors: { email: "hash" } }, "d")
    expect(named()).toEqual([ann, expect.stringMatching(/^\[hash:email:/)])
    await put(door, null, "d")
    expect(named()).toEqual([ann])
  })

  test("make what they ask with once, however many names are asked for", () => {
    let made = 0
    const seals = readableKeys.sealsOf("default")
    const keys = { ...readableKeys, everySealsOf: () => [seals, seals].slice(0, ++made * 2) }
    const policy = JSON.stringify({ detectors: {}, fields: [] })
    const row = { workspaceId: "default", workflowId: "greet", version: 1, policy, note: null, at: 1, by: "user:ann" }
    const book = new PolicyBook(keys, [row])
    for (let i = 0; i < 100; i++) expect(book.namesOf("default", `tag ${i}`)).toEqual([`tag ${i}`])
    expect(made).toBe(1)
    book.hold({ ...row, version: 2 })
    book.namesOf("default", "tag")
    expect(made).toBe(2)
  })

  test("whose key is not here are said at the start", async () => {
    logged.length = 0
    await opened(memoryPolicies([], ["0000beef"]))
    expect(logged).toMatchObject([
      { level: "error", message: expect.stringContaining("tokens made with it cannot be opened") },
    ])
  })
})

describe("agents", () => {
  const token = (value: Json) => `[token:name:${readableKeys.sealsOf("default").seal(JSON.stringify(value))}]`

  const world = async () => {
    const door = await opened()
    const given: { input: Json; task: string | null }[] = []
    const heard: AgentMessage[] = []
    let say: (messages: readonly AgentMessage[]) => void = () => {}
    const inner = {
      dispatch: (tasks: readonly { input: Json; task: string | null }[]) => void given.push(...tasks),
      onMessages: (listener: typeof say) => {
        say = listener
      },
    }
    const host = redactingHost(inner as never, door.redaction, readableKeys)
    host.onMessages((messages) => heard.push(...messages))
    const hand = (input: Json, workspaceId = "default") =>
      host.dispatch([
        { key: "s#1#1", workspaceId, workflowId: "greet", environment: "default", input, task: null } as never,
      ])
    return { given, heard, hand, say: (message: AgentMessage) => say([message]) }
  }

  test("get what a token stands for, in their workspace only", async () => {
    const { hand, given } = await world()
    hand({ to: token("Ann Lee"), text: `Dear ${token("Ann Lee")}!`, since: token(2020) })
    hand({ to: token("Ann Lee") }, "other")
    expect(given.map(({ input }) => input)).toEqual([
      { to: "Ann Lee", text: "Dear Ann Lee!", since: 2020 },
      { to: token("Ann Lee") },
    ])
  })

  test("bring back the token, in a result and in a failure", async () => {
    const { hand, say, heard } = await world()
    hand({ to: token("Ann Lee") })
    say({ kind: "succeeded", key: "s#1#1", output: { greeting: "Hello Ann Lee" }, outputBytes: 30 })
    hand({ to: token("Ann Lee") })
    const error = {
      class: "bug",
      kind: null,
      code: "oops",
      title: "no Ann Lee",
      detail: "x",
      causes: ["Ann Lee"],
    } as const
    say({ kind: "failed", key: "s#1#1", error })
    expect(heard).toMatchObject([
      { output: { greeting: `Hello ${token("Ann Lee")}` } },
      { error: { class: "bug", code: "oops", title: `no ${token("Ann Lee")}`, causes: [token("Ann Lee")] } },
    ])
  })

  test("give no code that holds what was opened, however codes are written", async () => {
    const { hand, say, heard } = await world()
    const words = { class: "bug", kind: null, title: "no", detail: "x" } as const
    for (const code of ["no_ann_lee_77", "anything_else"]) {
      hand({ to: token("Ann Lee-77") })
      say({ kind: "failed", key: "s#1#1", error: { ...words, code } })
    }
    expect(heard).toMatchObject([{ error: { code: "bug" } }, { error: { code: "anything_else" } }])
  })

  test("bring back the token in what they say of their model", async () => {
    const { hand, say, heard } = await world()
    hand({ to: token("Ann Lee") })
    const parameters = { user: "Ann Lee", temperature: 0 }
    say({ kind: "usage", key: "s#1#1", tokens: 3, model: "for Ann Lee", provider: "Ann Lee", parameters })
    expect(heard).toEqual([
      {
        kind: "usage",
        key: "s#1#1",
        tokens: 3,
        model: `for ${token("Ann Lee")}`,
        provider: token("Ann Lee"),
        parameters: { user: token("Ann Lee"), temperature: 0 },
      },
    ])
  })

  test("log nothing that was opened for any of them, nor what a policy knows", async () => {
    const { hand, say, heard } = await world()
    hand({ to: token("Ann Lee") })
    const line = { kind: "log", environment: "default", level: "info" } as const
    say({ ...line, key: null, message: "to Ann Lee with AKIAIOSFODNN7EXAMPLE" })
    say({ ...line, key: "s#1#1", message: "x", fields: { who: "Ann Lee" } })
    say({ kind: "heartbeat", key: "s#1#1", details: "at Ann Lee" })
    say({ kind: "lost", key: "s#1#1", reason: "host_crashed", detail: "died over Ann Lee", suspect: true })
    expect(JSON.stringify(heard)).not.toMatch(/Ann Lee|AKIA/)
    expect(heard).toHaveLength(4)
  })
})
