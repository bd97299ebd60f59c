import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest"
import { keptKey } from "../../../server/src/testing/kept-key.ts"
import { stepRow } from "../../../server/src/testing/rows.ts"
import { whyView } from "../../../server/src/testing/views.ts"
import { runCli } from "../program.ts"
import { fakeTerminal } from "../testing/fake-terminal.ts"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

let server: RecordingServer
beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())
beforeEach(() => server.engine.reset())

const folder = mkdtempSync(join(tmpdir(), "waybill-cli-"))
const asked = (what: string) => server.engine.asked.find((one) => one.what === what)?.with
const commitStarted = () => {
  server.engine.commit("run_1", "run.created", { input: { value: {} }, trigger: { kind: "api" } })
  server.engine.commit("run_1", "run.started", { slot: null, state: "hello" })
}

test("`run` starts what was asked for and says how to watch it", async () => {
  const { code, out } = await server.waybill([
    ...["run", "greet", "--set", "name=Ada", "--input", '{"n":1}', "--version", "2", "--env", "prod", "--tag", "a"],
    ...["--tag", "b", "--business-event", "order-7", "--correlation", "c-1", "--paused", "--idempotency-key", "k-1"],
  ])
  expect(code).toBe(0)
  expect(out).toBe("run_1 of greet 1.0 (#1) is COMPLETED after 7 ms\nwaybill runs watch run_1\n")
  expect(asked("start")).toMatchObject([
    { id: "user:local" },
    {
      workflowId: "greet",
      environment: "prod",
      version: 2,
      input: { n: 1, name: "Ada" },
      tags: ["a", "b"],
      businessEventId: "order-7",
      correlationId: "c-1",
      startPaused: true,
    },
    { key: keptKey("k-1") },
  ])
})

test("`run --watch` tells the story and ends with 0 only when the run completed", async () => {
  const { code, out } = await server.waybill(["run", "greet", "--watch"])
  expect(code).toBe(0)
  expect(out).toMatch(/● +created/)
  expect(out).toContain("COMPLETED after 7 ms")

  server.engine.commit("run_bad", "run.created", {})
  server.engine.commit(
    "run_bad",
    "run.failed",
    { error: { code: "boom", detail: "it broke" } },
    { status: "FAILED", errorCode: "boom", errorMessage: "it broke", completedAt: 1 },
  )
  const bad = await server.waybill(["runs", "watch", "run_bad"])
  expect(bad.code).toBe(1)
  expect(bad.out).toContain("failed: boom: it broke")
})

test("`runs watch --json` is the run, each event, and the run as it ended, a line each", async () => {
  const { code, out } = await server.waybill(["run", "greet", "--watch", "--json"])
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(code).toBe(0)
  expect(lines.map(({ kind }) => kind)).toEqual(["run", "event", "event", "run"])
  expect(lines[1]).toMatchObject({ runId: "run_1", event: { seq: 1, type: "run.created" } })
  expect(lines[3].run.status).toBe("COMPLETED")
})

test("Ctrl-C ends the watching, leaves the run alone and says so", async () => {
  commitStarted()
  const terminal = fakeTerminal({ env: { WAYBILL_URL: server.url } })
  const watching = runCli(["runs", "watch", "run_1"], terminal)
  await terminal.untilOut("started")
  terminal.interrupt()
  expect(await watching).toBe(130)
  expect(terminal.err()).toContain("no longer watching; the run goes on:  waybill runs watch run_1")
  expect(server.engine.asked.map(({ what }) => what)).not.toContain("cancel")
  expect(server.engine.rows.get("run_1")?.status).toBe("RUNNING")
})

test("news that come while it is watched are shown as they come", async () => {
  commitStarted()
  const terminal = fakeTerminal({ env: { WAYBILL_URL: server.url } })
  const watching = runCli(["runs", "watch", "run_1"], terminal)
  await terminal.untilOut("started")
  server.engine.commit("run_1", "run.paused", { reason: "lunch" })
  await terminal.untilOut("paused (lunch)")
  server.engine.commit("run_1", "run.completed", {}, { status: "COMPLETED" })
  expect({ code: await watching, err: terminal.err() }).toEqual({ code: 0, err: "" })
})

test("on a terminal there is a line that moves, and it is gone at the end", async () => {
  commitStarted()
  const terminal = fakeTerminal({ env: { WAYBILL_URL: server.url }, isTty: true })
  const watching = runCli(["runs", "watch", "run_1"], terminal)
  await terminal.untilOut("0 done")
  server.engine.commit("run_1", "run.completed", {}, { status: "COMPLETED" })
  await watching
  const written = terminal.out()
  expect(written.lastIndexOf("\u001b[2K")).toBeGreaterThan(written.lastIndexOf("0 done"))
})

test("`runs list` passes every filter on and shows what the runs wait for", async () => {
  server.engine.commit(
    "run_1",
    "run.created",
    {},
    {
      status: "WAITING_APPROVAL",
      blockedOn: '[{"kind":"approval","since":1,"until":null,"who":["team:sre"],"stepId":"s","name":"gate"}]',
      blockedCount: 2,
    },
  )
  const { code, out, err } = await server.waybill([
    ...["runs", "list", "--workflow", "greet,other", "--status", "waiting_human", "--from", "2h", "--tag", "a"],
    ...["--env", "prod", "--sort", "-duration", "--limit", "5", "--error-code", "boom", "--business-event", "b"],
    ...["--fold", "duplicates,children"],
  ])
  expect(code).toBe(0)
  expect(out).toMatch(/run_1 +greet 1\.0 \(#1\) +WAITING_APPROVAL +approval gate and 1 more/)
  expect(err).toBe("more: --cursor next\n")
  expect(asked("runs")).toMatchObject([
    {
      workflowId: ["greet", "other"],
      status: ["WAITING_APPROVAL"],
      environment: ["prod"],
      tag: ["a"],
      errorCode: ["boom"],
      businessEventId: "b",
      from: Date.UTC(2026, 10, 20, 7, 31),
    },
    "-duration",
    null,
    5,
    ["duplicates", "children"],
  ])
})

test("`runs show` says where a run stands, with its steps and its error", async () => {
  server.engine.commit(
    "run_1",
    "run.created",
    { input: { value: { n: 1 } }, trigger: { kind: "api" } },
    { status: "FAILED", errorCode: "boom", errorClass: "bug", errorMessage: "it broke", errorStep: "hello" },
  )
  server.engine.steps.set("run_1", [stepRow({ status: "FAILED", branchPath: "pods/items[1]", visit: 2 })])
  const { out } = await server.waybill(["runs", "show", "run_1"])
  for (const words of ["run_1  FAILED", "boom", "it broke", "pods/items[1]/hello#2", `{ "n": 1 }`])
    expect(out).toContain(words)
})

test.each([
  ["pause", ["--reason", "r"], ["run_1", "r", null]],
  ["resume", [], ["run_1", null, null]],
  ["cancel", ["--reason", "r", "--force"], ["run_1", { reason: "r", force: true }, null]],
])("`runs %s` does that and says where the run stands", async (verb, options, expected) => {
  commitStarted()
  const { code, out } = await server.waybill(["runs", verb, "run_1", ...options])
  expect({ code, out }).toEqual({ code: 0, out: "run_1 is RUNNING (executing)\n" })
  expect(asked(verb)?.slice(1)).toEqual(expected)
})

test("`runs retry` ends a wait, of all steps or of one", async () => {
  commitStarted()
  await server.waybill(["runs", "retry", "run_1"])
  expect(asked("retryNow")?.slice(1, 3)).toEqual(["run_1", null])
  server.engine.asked.length = 0
  await server.waybill(["runs", "retry", "run_1", "--step", "step_9"])
  expect(asked("retryNow")?.slice(1, 3)).toEqual(["run_1", "step_9"])
})

test("`runs signal` carries its data, from the line or from a file", async () => {
  commitStarted()
  const first = await server.waybill(["runs", "signal", "run_1", "go", "--data", '{"v":1}', "--id", "seen-before"])
  expect(first.out).toBe("run_1 has the signal go (seen-before, which was taken before)\n")
  expect(asked("signal")?.slice(1, 3)).toEqual(["run_1", { name: "go", id: "seen-before", data: { v: 1 } }])
  writeFileSync(join(folder, "data.json"), "[1,2]")
  server.engine.asked.length = 0
  await server.waybill(["runs", "signal", "run_1", "go", "--data-file", "data.json"], { cwd: folder })
  expect(asked("signal")?.[2]).toMatchObject({ data: [1, 2] })
  expect((await server.waybill(["runs", "signal", "run_1", "go", "--data", "{}", "--data-file", "x"])).code).toBe(2)
})

test("`runs rerun` passes its patches on; with --dry-run it starts nothing", async () => {
  commitStarted()
  const options = ["--reason", "again", "--from", "failed", "--version", "1.1", "--input-patch", '{"x":null}']
  const plan = await server.waybill(["runs", "rerun", "run_1", ...options, "--dry-run"])
  expect(plan.out).toContain("nothing started")
  expect(plan.out).toMatch(/acts again +b/)
  expect(asked("rerun")).toBeUndefined()
  await server.waybill(["runs", "rerun", "run_1", ...options])
  expect(asked("rerun")?.slice(1, 3)).toEqual([
    "run_1",
    { from: "failed", version: "1.1", inputPatch: { x: null }, contextPatch: null, reason: "again" },
  ])
  expect((await server.waybill(["runs", "rerun", "run_1", "--reason", "r", "--input-patch", "[]"])).code).toBe(2)
})

test("`runs events` shows the trail; an erased payload says so", async () => {
  commitStarted()
  const { out } = await server.waybill(["runs", "events", "run_1", "--after", "1"])
  expect(out).not.toContain("run.created")
  expect(out).toMatch(/2 {2}\S+ {2}run\.started .*\{"slot":null,"state":"hello"\}/)
  const page = JSON.parse((await server.waybill(["runs", "events", "run_1", "--limit", "1", "--json"])).out)
  expect(page).toMatchObject({ items: [{ seq: 1 }], nextCursor: "1" })
})

test("`runs events --follow --json` is a line each until the run ends", async () => {
  const started = await server.waybill(["run", "greet", "--json"])
  const { runId } = JSON.parse(started.out)
  const { code, out } = await server.waybill(["runs", "events", runId, "--follow", "--json", "--type", "run.completed"])
  expect(code).toBe(0)
  expect(
    out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).type),
  ).toEqual(["run.completed"])
})

test("`runs steps` and `runs context` show one run's inside", async () => {
  commitStarted()
  server.engine.steps.set("run_1", [stepRow()])
  expect((await server.waybill(["runs", "steps", "run_1"])).out).toMatch(/hello +greeter +RUNNING/)
  expect((await server.waybill(["runs", "steps", "run_1", "--details"])).out).toContain("step_1")
  const { out } = await server.waybill(["runs", "context", "run_1", "--at", "2"])
  expect(out).toContain("run_1 after event 2")
  expect(out).toMatch(/n +hello +step_1/)
})

test("`runs why` says what happened, what is different, who else, and the one thing to do", async () => {
  commitStarted()
  const { code, out } = await server.waybill(["runs", "why", "run_1"])
  expect(code).toBe(0)
  expect(out).toMatch(/^charge in pay\/card failed after 3 attempts: the till is closed\n/)
  expect(out).toMatch(/where +pay → charge\n/)
  expect(out).toMatch(/attempts +3 of 3\n/)
  expect(out).toMatch(/alike +4 runs since .*: wf:greet code:http_503\n/)
  expect(out).toMatch(/version +1\.0 \(#1\) → 1\.1 \(#2\)\n/)
  expect(out).toMatch(/input +\/amount changed: 1 → 2\n/)
  expect(out).toContain("approval gate “Go on?” team:sre")
  expect(out).toContain("Then the run ends as timed out.")
  expect(out).toContain("Run it again from pay: The failure may have passed")
  expect(out).toContain("waybill runs rerun run_1 --from failed --reason …")
  const machine = await server.waybill(["runs", "why", "run_1", "--json"])
  expect(JSON.parse(machine.out)).toMatchObject({ runId: "run_1", next: { action: "rerun", from: "failed" } })
  expect((await server.waybill(["runs", "why", "run_none"])).code).toBe(1)
})

test("`runs why` shows the command that does what it says: on the newer version, with another input", async () => {
  commitStarted()
  const view = whyView({ runId: "run_1" })
  const told = vi.spyOn(server.engine.insights, "why")
  told.mockResolvedValueOnce({ ...view, next: { ...view.next!, from: null, version: 2 } })
  expect((await server.waybill(["runs", "why", "run_1"])).out).toContain("rerun run_1 --version 2 --reason …")
  told.mockResolvedValueOnce({ ...view, next: { ...view.next!, from: null, otherInput: true } })
  expect((await server.waybill(["runs", "why", "run_1"])).out).toContain("rerun run_1 --input-patch '{…}' --reason …")
})

test("`runs export` is one document of everything, on standard output or in a new file", async () => {
  commitStarted()
  server.engine.steps.set("run_1", [stepRow()])
  const whole = JSON.parse((await server.waybill(["runs", "export", "run_1"])).out)
  expect(whole).toMatchObject({
    format: "waybill-run-export/1",
    run: { runId: "run_1" },
    events: [{ seq: 1 }, { seq: 2 }],
  })
  const keys = [
    "format",
    "exportedAt",
    "run",
    "definition",
    "heads",
    "lineage",
    "remarks",
    "approvals",
    "steps",
    "events",
  ]
  expect(Object.keys(whole)).toEqual(keys)

  const written = await server.waybill(["runs", "export", "run_1", "--out", "run.json"], { cwd: folder })
  expect(written.out).toMatch(/^run\.json: run_1, [\d.]+ KiB\n$/)
  const inFile = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))
  expect(inFile).toEqual({ ...whole, exportedAt: inFile.exportedAt })
  const again = await server.waybill(["runs", "export", "run_1", "--out", "run.json"], { cwd: folder })
  expect(again.code).toBe(2)
  expect(again.err).toContain("run.json exists already")
})

test("`runs export --query` is a file of many runs, in the form that is asked for or that the file's name says", async () => {
  commitStarted()
  const listed = () => {
    const row = server.engine.rows.get("run_1")!
    return { ...row, lastState: null, standing: server.engine.standingOf(row) }
  }
  server.engine.queries.runs = async (...args) => {
    server.engine.asked.push({ what: "runs", with: args })
    return { ok: true, value: { items: [listed()], nextCursor: null, total: null }, position: 0 }
  }
  const csv = await server.waybill(["runs", "export", "--query", "status:failed"])
  expect(csv.err).toBe("")
  expect(csv.out.split("\r\n").map((line) => line.split(",")[0])).toEqual(["runId", "run_1", ""])
  expect(server.engine.asked.at(-1)?.with[0]).toMatchObject({ terms: [{ test: { field: "status" } }] })
  const written = await server.waybill(["runs", "export", "--query", "", "--out", "all.ndjson"], { cwd: folder })
  expect(written.out).toMatch(/^all\.ndjson: \d+ bytes\n$/)
  expect(JSON.parse(readFileSync(join(folder, "all.ndjson"), "utf8"))).toMatchObject({ runId: "run_1" })
  const refused = await server.waybill(["runs", "export", "--query", "stauts:x", "--out", "no.csv"], { cwd: folder })
  expect(refused.err).toContain("Did you mean `status`?")
  expect(existsSync(join(folder, "no.csv"))).toBe(false)
  server.engine.queries.runs = async (...args) => {
    if (args[2] !== null) throw new Error("the disk is gone")
    const items = Array.from({ length: 200 }, listed)
    return { ok: true, value: { items, nextCursor: "more", total: null }, position: 0 }
  }
  const broken = await server.waybill(["runs", "export", "--query", "", "--out", "part.csv"], { cwd: folder })
  expect([broken.code, broken.err]).toEqual([3, expect.stringContaining("part.csv is not whole")])
  for (const args of [[], ["run_1", "--query", ""], ["run_1", "--format", "csv"]])
    expect((await server.waybill(["runs", "export", ...args])).code).toBe(2)
})
