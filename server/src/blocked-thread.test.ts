/** Agents share a thread. One that never gives it back must not cost the others an attempt (rules 5, 6). */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createAgentHost } from "@waybill/agents"
import { type Actor, defaultRuntimeLimits, openEngine } from "@waybill/engine"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { environmentFiles } from "@waybill/engine/adapters/files/environment-files"
import { createJsonSchemas } from "@waybill/engine/adapters/schemas/index"
import { blobFolder, openSqlite } from "@waybill/engine/adapters/sqlite/open"
import { systemChance } from "@waybill/engine/adapters/system/chance"
import { systemClock } from "@waybill/engine/adapters/system/clock"
import { systemHashing } from "@waybill/engine/adapters/system/hashing"
import { keepAll } from "@waybill/engine/testing"
import { expect, test } from "vitest"

const somebody: Actor = { id: "user:ada", teams: [], role: "admin" }

const operation = (name: string) =>
  `{ name: ${name}, type: operation, action: agent.run, input: { agent: ${name} }, heartbeatSeconds: 0.3, resultPath: ${name} }`
const both = `id: both
version: "1.0"
name: both
states:
  - name: work
    type: parallel
    join: { mode: settled }
    branches:
      - { name: good, states: [${operation("good")}] }
      - { name: bad, states: [${operation("bad")}] }
    end: true
`

/** A real store and real agents, and an engine that is less patient than a server. */
async function opened(folder: string) {
  const host = createAgentHost({ env: {} })
  const data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null })
  const schemas = createJsonSchemas()
  const { store, resumeMarks: marks, queries, insights, bulk, remarks, definitions: definitionStore, history } = data
  const ports = { store, marks, queries, insights, bulk, remarks, definitionStore, history, host, schemas }
  const engine = await openEngine(
    {
      ...ports,
      clock: systemClock(),
      chance: systemChance(),
      hashing: systemHashing,
      log: { write: () => {} },
      compileSchema: schemas.compile,
      stepLogs: { keep: () => {} },
      redaction: keepAll,
      files: environmentFiles(folder),
    },
    {
      instance: "test",
      blobSecret: data.secret,
      waybillVersion: "test",
      recordedEnv: {},
      runtime: { dispatcher: { ...defaultRuntimeLimits.dispatcher, graceMs: 200 } },
      holdDispatch: false,
      fatal: (message) => expect.fail(message),
    },
  )
  const close = async () => {
    await engine.drain(0)
    await host.close(0)
    await data.close()
  }
  await host.load("default", folder)
  return { engine, close }
}

test("an agent beside one that blocks their thread loses a delivery, not its attempt; the one that blocks fails", {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "waybill-blocked-"))
  const agent = (name: string, body: string) => writeFileSync(join(folder, `${name}.agent.mjs`), body)
  // Silent before it could end: the other holds the thread by then.
  agent("good", `export default { run: () => new Promise((end) => setTimeout(end, 400, { fine: true })) }`)
  agent("bad", `export default { async run() { await new Promise((go) => setTimeout(go, 100)); for (;;); } }`)
  const { engine, close } = await opened(folder)
  const saved = { environment: "default", workflowId: null, text: both, format: "yaml", expectNew: true } as const
  expect(await engine.definitions.save(somebody, { ...saved, note: null }, null)).toMatchObject({ ok: true })
  const started = await engine.runs.start(
    somebody,
    {
      workflowId: "both",
      environment: "default",
      version: null,
      input: {},
      businessEventId: null,
      correlationId: null,
      traceparent: null,
      parentRunId: null,
      tags: [],
      startPaused: false,
      trigger: { kind: "api" },
    },
    null,
  )
  if (!started.ok) throw new Error(started.rejection.message)
  const { runId } = started.value
  await expect.poll(async () => (await engine.queries.run(runId))?.status, { timeout: 40_000 }).toBe("COMPLETED")
  const steps = await engine.queries.steps(runId, 0, 10)
  const step = (name: string) => steps.find((one) => one.name === name)
  expect(step("good")).toMatchObject({ status: "SUCCEEDED", attempt: 1, delivery: 2, retries: 0 })
  expect(step("bad")).toMatchObject({ status: "TIMED_OUT", attempt: 1, delivery: 2 })
  expect(step("bad")?.error).toContain("heartbeat_missed")
  await close()
  rmSync(folder, { recursive: true, force: true })
})
