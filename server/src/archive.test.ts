/** A whole server over a history of three months, of which the older part moves into an archive beside it (R10, V8). */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type {
  ArchivedBatchPage,
  Attachment,
  AttachmentPage,
  AuditPage,
  PurgeReport,
  Retention,
  RetentionPreview,
  Run,
  RunErased,
  RunEvidence,
  RunFacets,
  RunPage,
  SearchAnswer,
  VerifyReport,
} from "@waybill/contract"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { seedStore } from "./compose/seed-history.ts"
import type { RunningServer } from "./main.ts"
import { openBucket } from "./testing/bucket.ts"
import { ask, type Place, place } from "./testing/real-server.ts"
import { openStream } from "./testing/sse-client.ts"

const dayMs = 86_400_000
const runs = 120
const looks = [
  "",
  "/events?limit=200",
  "/steps?limit=200",
  "/timeline",
  "/context",
  "/context/diff?from=1",
  "/export",
  "/approvals",
] as const

let at: Place
let server: RunningServer
let folder: string
const call = async (method: string, path: string, body?: unknown) => {
  const { status, body: answer } = await ask(server.url, method, path, body)
  return { status, body: answer as unknown }
}
const get = async <T>(path: string) => (await call("GET", path)).body as T
const start = () => at.start({ archive: pathToFileURL(folder).href })
const listed = async (): Promise<Map<string, RunPage["items"][number]>> => {
  const found = new Map<string, RunPage["items"][number]>()
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: RunPage = await get(`/workflow-runs?limit=100${cursor === "" ? "" : `&cursor=${cursor}`}`)
    for (const run of page.items) found.set(run.runId, run)
    cursor = page.nextCursor
  }
  return found
}
/** All that is told of a run, without what only says that it lies elsewhere. */
const told = async (runId: string) => {
  const answers: unknown[] = []
  for (const look of looks) {
    const { status, body } = await call("GET", `/workflow-runs/${runId}${look}`)
    expect(status, look).toBe(200)
    answers.push(plain(body))
  }
  return answers
}
/** `exportedAt` is when somebody asked; actions of a run that cannot be run again say so. */
const plain = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body), (key, value: unknown) =>
    key === "archived" || key === "exportedAt" || key === "actions" ? undefined : value,
  )
const searched = async (query: string): Promise<SearchAnswer> => {
  const { status, body } = await call("GET", `/search?limit=50&q=${encodeURIComponent(query)}`)
  expect([status, query, body]).toEqual([200, query, body])
  return body as SearchAnswer
}
const hits = ({ hits: found }: SearchAnswer) => found.filter(({ kind }) => kind === "run").map(({ id }) => id)
/** What finds a run by its input: each value at its path, and the words of each text. */
const questionsOf = async (runId: string) => {
  const { input } = await get<Run>(`/workflow-runs/${runId}`)
  const values = Object.entries(input as Record<string, unknown>)
  const scalars = values.filter(([, value]) => typeof value === "string" || typeof value === "number")
  expect(scalars.length).toBeGreaterThan(0)
  const texts = scalars.filter(([, value]) => typeof value === "string")
  return [
    ...scalars.map(([name, value]) => `in.${name}:${JSON.stringify(value)}`),
    ...texts.map(([, value]) => `${JSON.stringify(value)} is:archived`),
  ]
}
const files = () =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.(parquet|json)$/.test(name))
/** The file as whoever has its link gets it. */
const download = async ({ url }: Pick<Attachment, "url">) => {
  const answer = await fetch(new URL(url!, server.url))
  const { status, headers } = answer
  return { status, bytes: Number(headers.get("content-length")), text: await answer.text() }
}
const attach = async (at: string, runId: string, name: string, text: string): Promise<void> => {
  const path = `${at}/api/v1/workflow-runs/${runId}/attachments?name=${name}`
  const { status } = await fetch(path, { method: "POST", headers: { "content-type": "text/plain" }, body: text })
  expect(status).toBe(201)
}
const attachedFiles = () =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /attachments\/..\/[0-9a-f]{64}$/.test(name),
  )
const report = "what the agent found\n".repeat(5_000)
let before: Map<string, RunPage["items"][number]>
let old: string[]
/** Dry runs of re-runs, by what was asked. */
const plansBefore = new Map<string, unknown>()
const rerun = (runId: string, request: object) =>
  call("POST", `/workflow-runs/${runId}/rerun?dryRun=true`, { reason: "mended", ...request })
const toldBefore = new Map<string, unknown>()

beforeAll(async () => {
  at = place()
  folder = join(at.folder, "archive")
  const until = Date.now()
  await seedStore({ dataDir: join(at.folder, ".waybill"), runs, seed: 12, from: until - 90 * dayMs, until }, () => {})
  server = await start()
  before = await listed()
  old = [...before.values()]
    .filter(({ completedAt }) => completedAt !== null && Date.parse(completedAt) <= Date.now() - 30 * dayMs)
    .map(({ runId }) => runId)
  for (const [i, name, text] of [
    [0, "report.txt", report],
    [1, "report.txt", report],
    [1, "note.txt", "short"],
    [2, "case.txt", "of the customer"],
  ] as const)
    await attach(server.url, old[i]!, name, text)
  for (const runId of old.slice(0, 8)) {
    toldBefore.set(runId, await told(runId))
    for (const request of [{}, { from: "failed" }, { inputPatch: { looked: "again" } }]) {
      const { status, body } = await rerun(runId, request)
      if (status === 200) plansBefore.set(JSON.stringify({ runId, request }), body)
    }
  }
}, 60_000)
afterAll(async () => {
  await server.close()
  at.remove()
})

describe("an archive", () => {
  test("is asked for by policy, and the preview says how much goes there", async () => {
    expect(await get<Retention>("/policies/retention")).toMatchObject({
      policy: { archive: false },
      archive: { place: pathToFileURL(folder).href, batches: 0, waits: null },
    })
    const { body } = await call("POST", "/policies/retention/preview", {
      policy: { io: 30, events: 30, summaries: null, archive: true },
    })
    const { archive } = body as RetentionPreview
    expect(archive?.runs).toEqual({ value: old.length, exact: true })
    expect(archive?.events).toBe(old.reduce((sum, runId) => sum + before.get(runId)!.seq, 0))
    expect(archive?.bytes).toBeGreaterThan(1_000)
  })

  test("has what is due, before it leaves the store", async () => {
    await call("PUT", "/policies/retention", { policy: { io: 30, events: 30, summaries: null, archive: true } })
    const { body, status } = await call("POST", "/policies/retention/purge")
    expect(status).toBe(200)
    const events = old.reduce((sum, runId) => sum + before.get(runId)!.seq, 0)
    expect(body as PurgeReport).toMatchObject({
      archive: { runs: old.length, events, waits: null },
      io: { runs: old.length },
      events: { runs: old.length, events },
      summaries: { runs: 0 },
    })
    const { items } = await get<ArchivedBatchPage>("/policies/retention/archive")
    expect(items.reduce((sum, batch) => sum + batch.runs, 0)).toBe(old.length)
    expect(items.every(({ state }) => state === "kept")).toBe(true)
    expect(files().sort()).toEqual(items.flatMap((batch) => batch.files.map(({ name }) => name)).sort())
    const db = new Database(join(at.folder, ".waybill", "waybill.db"), { readonly: true })
    const left = db
      .prepare(
        "SELECT count(*) AS n FROM workflow_run_events e JOIN workflow_runs r USING (run_key) WHERE r.completed_at <= ?",
      )
      .get(Date.now() - 30 * dayMs)
    db.close()
    expect(left).toEqual({ n: 0 })
    const audit = await get<AuditPage>("/audit?action=retention.")
    expect(audit.items.map(({ action }) => action)).toContain("retention.archive")
  })

  test("is no reason to be missing in a list", async () => {
    const now = await listed()
    expect([...now.keys()].sort()).toEqual([...before.keys()].sort())
    for (const [runId, run] of now) expect(run.archived ?? false, runId).toBe(old.includes(runId))
    for (const [runId, run] of now) expect(plain(run)).toEqual(plain(before.get(runId)))
  })

  test("is asked for as `is:archived`, alike in lists, counts, facets and exports", async () => {
    for (const [query, many] of [
      ["is:archived", old.length],
      ["-is:archived", before.size - old.length],
      ["is:archived status:failed", old.filter((runId) => before.get(runId)!.status === "FAILED").length],
    ] as const) {
      const asked = `query=${encodeURIComponent(query)}`
      const page = await get<RunPage>(`/workflow-runs?limit=100&${asked}`)
      expect(page.total, query).toMatchObject({ value: many })
      expect(
        page.items.every((run) => (run.archived ?? false) === !query.startsWith("-")),
        query,
      ).toBe(true)
      expect(await get(`/workflow-runs/counts?${asked}`), query).toMatchObject({ total: { value: many } })
      const { facets } = await get<RunFacets>(`/workflow-runs/facets?${asked}`)
      const statuses = facets.find(({ name }) => name === "status")!.values
      expect(
        statuses.reduce((sum, { count }) => sum + count, 0),
        query,
      ).toBe(many)
      const exported = await fetch(`${server.url}/api/v1/workflow-runs/export?format=ndjson&${asked}`)
      expect((await exported.text()).trim().split("\n"), query).toHaveLength(many)
    }
  })

  test("opens a run as it was before", async () => {
    for (const [runId, then] of toldBefore) {
      expect(await told(runId)).toEqual(then)
      expect((await call("GET", `/workflow-runs/${runId}/why`)).status).toBe(200)
      expect(await get<Run>(`/workflow-runs/${runId}`)).toMatchObject({ archived: true })
      expect(await get<RunEvidence>(`/workflow-runs/${runId}/evidence`)).toMatchObject({
        logs: { state: "archived" },
        io: { state: "archived" },
        events: { state: "archived", count: before.get(runId)!.seq },
        why: "the workspace keeps events for 30 days; it is read from the archive",
      })
    }
  })

  test("hands out what was attached, by links as before, and equal files lie there once", async () => {
    const [first, second, , other] = old as [string, string, string, string]
    const { items } = await get<AttachmentPage>(`/workflow-runs/${second}/attachments`)
    expect(items).toMatchObject([
      { name: "report.txt", archived: true, expired: false, url: expect.any(String) },
      { name: "note.txt", archived: true, expired: false },
    ])
    for (const [i, text] of [report, "short"].entries())
      expect(await download(items[i]!)).toEqual({ status: 200, bytes: text.length, text })
    expect(await download({ url: items[0]!.url!.replace(/.$/, "~") })).toMatchObject({ status: 403 })
    expect((await fetch(new URL(items[0]!.url!, server.url), { method: "HEAD" })).status).toBe(200)
    expect(readdirSync(join(at.folder, ".waybill", "attachments"), { recursive: true })).not.toContainEqual(
      expect.stringMatching(/[0-9a-f]{32}/),
    )
    expect(attachedFiles()).toHaveLength(3)
    const nothing = { expired: 0, missing: 0 }
    expect(await get<RunEvidence>(`/workflow-runs/${first}/evidence`)).toMatchObject({
      attachments: { count: 1, bytes: report.length, archived: 1, ...nothing },
    })
    expect(await get<RunEvidence>(`/workflow-runs/${other}/evidence`)).toMatchObject({
      attachments: { count: 0, bytes: 0, archived: 0, ...nothing },
    })
    const late = await fetch(`${server.url}/api/v1/workflow-runs/${other}/attachments?name=x`, {
      ...{ method: "POST", headers: { "content-type": "text/plain" }, body: "late" },
    })
    expect([late.status, await late.json()]).toMatchObject([409, { code: "evidence_expired" }])
  })

  test("is known to a live list: what is said beside an archived run is told to whom its values and `is:archived` mean", async () => {
    const runId = old[1]!
    const { input } = await get<Run>(`/workflow-runs/${runId}`)
    const [name, value] = Object.entries(input as object).find(([, one]) => typeof one === "string")!
    const asked = `in.${name}:${JSON.stringify(value)}`
    const port = Number(new URL(server.url).port)
    const streams = await Promise.all(
      [`${asked} is:archived`, `${asked}`, `in.${name}:"something else"`, `${asked} -is:archived`].map((query) =>
        openStream(port, `/api/v1/workflow-runs/stream?query=${encodeURIComponent(query)}`),
      ),
    )
    // A stream is attached once its head is there.
    const { status } = await call("POST", `/workflow-runs/${runId}/annotations`, { note: "looked at again" })
    expect(status).toBe(201)
    await Promise.all(streams.map((stream) => stream.until(1)))
    const told = streams.map(({ messages }) => messages.map(({ data }) => data))
    const about = (matches: boolean) => [{ runId, type: "run.remarked", matches }]
    expect(told).toMatchObject([about(true), about(true), about(false), about(false)])
    for (const stream of streams) stream.close()
  })

  test("gives a run back to be run again: as it was, with another input, from the step that failed", async () => {
    expect(plansBefore.size).toBeGreaterThan(6)
    for (const [asked, then] of plansBefore) {
      const { runId, request } = JSON.parse(asked) as { runId: string; request: object }
      expect((await rerun(runId, request)).body, asked).toEqual(then)
    }
    const [runId] = old.filter((one) => before.get(one)!.status === "FAILED")
    const { actions } = await get<Run>(`/workflow-runs/${runId}`)
    expect(actions.find(({ name }) => name === "rerun")).toMatchObject({ allowed: true })
    const { status, body } = await call("POST", `/workflow-runs/${runId}/rerun`, { reason: "mended", from: "failed" })
    expect([status, body]).toMatchObject([201, { rerunOf: runId }])
    await call("POST", `/workflow-runs/${(body as Run).runId}/cancel`, { reason: "only a test" })
  })

  test("is searched by words and paths of archived runs, also when the index is thrown away and filled anew", async () => {
    const asks = await questionsOf(old[0]!)
    const found = () => Promise.all(asks.map(async (query) => hits(await searched(query))))
    const then = await found()
    expect(then.every((ids) => ids.includes(old[0]!))).toBe(true)
    await server.close()
    for (const name of ["search.db", "search.db-wal", "search.db-shm"])
      rmSync(join(at.folder, ".waybill", name), { force: true })
    renameSync(folder, `${folder}-away`)
    server = await start()
    await expect.poll(async () => (await searched("in.x:1")).archivedBehind, { timeout: 20_000 }).toBe(old.length)
    expect((await found())[0]).not.toContain(old[0])
    await server.close()
    renameSync(`${folder}-away`, folder)
    server = await start()
    await expect.poll(found, { timeout: 20_000 }).toEqual(then)
    const nothing = { behind: 0, archivedBehind: 0 }
    await expect.poll(() => searched("in.x:1"), { timeout: 20_000 }).toMatchObject(nothing)
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain("waybill_search_archived_behind 0\n")
  })

  test("shows nothing of a run to another workspace", async () => {
    const foreign = server.engine.within("another")
    for (const [runId] of toldBefore) {
      expect(await foreign.queries.run(runId)).toBeNull()
      expect(await foreign.queries.events(runId, { after: 0, types: [], limit: 9 })).toEqual([])
      expect(await foreign.queries.contextText(runId, null)).toBeNull()
      expect(await foreign.insights.timeline(runId, 0, 9)).toBeNull()
    }
  })

  test("is verified with the chains of its runs, and a bit that fell over is found", async () => {
    const whole = (await call("POST", "/admin/verify", { archive: true })).body as VerifyReport
    expect(whole).toMatchObject({ findings: [], archive: { runs: old.length, findings: [] } })
    expect((await call("POST", "/admin/fsck", {})).body).toMatchObject({ findings: [] })
    const name = join(folder, files().find((one) => one.endsWith("events.parquet"))!)
    const bytes = readFileSync(name)
    const flipped = Buffer.from(bytes)
    flipped[200]! ^= 1
    writeFileSync(name, flipped)
    const found = (await call("POST", "/admin/verify", { archive: true })).body as VerifyReport
    expect(found.archive?.findings).toEqual([
      { batchId: expect.any(String), runId: "", seq: 0, what: "archive_altered" },
    ])
    rmSync(name)
    const missing = (await call("POST", "/admin/verify", { archive: true })).body as VerifyReport
    expect(missing.archive?.findings).toMatchObject([{ what: "archive_missing" }])
    writeFileSync(name, bytes)
  })

  test("that is away leaves runs listed, and says why they cannot be opened", async () => {
    await server.close()
    renameSync(folder, `${folder}-away`)
    writeFileSync(folder, "in its place")
    server = await start()
    const [runId] = old
    for (const list of ["/workflow-runs?limit=100&sort=createdAt", "/workflow-approvals?limit=100", "/issues"])
      expect((await call("GET", list)).status, list).toBe(200)
    expect((await fetch(`${server.url}/runs?limit=100&sort=started_at`)).status).toBe(200)
    expect(await call("GET", `/workflow-runs/${runId}/events`)).toMatchObject({
      status: 503,
      body: { code: "archive_unavailable" },
    })
    const { items } = await get<AttachmentPage>(`/workflow-runs/${runId}/attachments`)
    expect(await download(items[0]!)).toMatchObject({
      status: 503,
      text: expect.stringContaining("archive_unavailable"),
    })
    rmSync(folder)
    renameSync(`${folder}-away`, folder)
    expect(await download(items[0]!)).toMatchObject({ status: 200, text: report })
    await expect
      .poll(async () => (await call("GET", `/workflow-runs/${runId}/events`)).status, { timeout: 10_000 })
      .toBe(200)
  })

  test("holds up what cannot get there, and says so", async () => {
    renameSync(folder, `${folder}-away`)
    writeFileSync(folder, "in its place")
    await call("PUT", "/policies/retention", { policy: { io: 20, events: 20 } })
    const { body } = await call("POST", "/policies/retention/purge")
    expect(body as PurgeReport).toMatchObject({
      archive: { runs: 0, waits: expect.stringContaining("file:///") },
      io: { runs: 0 },
      events: { runs: 0 },
    })
    const { archive } = await get<Retention>("/policies/retention")
    expect(archive.waits?.reason).toContain("file:///")
    const metrics = async () => (await fetch(`${server.url}/metrics`)).text()
    expect(await metrics()).toContain("waybill_archive_waits 1\n")
    rmSync(folder)
    renameSync(`${folder}-away`, folder)
    const again = (await call("POST", "/policies/retention/purge")).body as PurgeReport
    expect(again.archive?.runs).toBeGreaterThan(0)
    expect(again.io.runs).toBe(again.archive?.runs)
    expect((await get<Retention>("/policies/retention")).archive.waits).toBeNull()
    expect(await metrics()).toContain("waybill_archive_waits 0\n")
  })

  test("gives up one run that has to be erased, and the rest of its batch is opened as before", async () => {
    const [gone, neighbour] = old.slice(0, 2) as [string, string]
    const live = [...before.keys()].find((runId) => !old.includes(runId) && before.get(runId)!.completedAt !== null)!
    const asks = await questionsOf(gone)
    const then = await told(neighbour)
    const { items: links } = await get<AttachmentPage>(`/workflow-runs/${gone}/attachments`)
    for (const runId of [gone, live]) {
      const { status, body } = await call("POST", `/workflow-runs/${runId}/erase`, { reason: "asked by the customer" })
      expect([status, body]).toMatchObject([200, { runId, state: "erased", waits: null }])
      expect((body as RunErased).batchId === null).toBe(runId === live)
      for (const look of looks) expect((await call("GET", `/workflow-runs/${runId}${look}`)).status, look).toBe(404)
      expect((await call("POST", `/workflow-runs/${runId}/erase`, { reason: "again" })).status).toBe(404)
      expect((await rerun(runId, {})).status).toBe(404)
      expect([...(await listed()).keys()]).not.toContain(runId)
    }
    expect(await told(neighbour)).toEqual(then)
    expect(await download(links[0]!)).toMatchObject({ status: 404 })
    const { items: left } = await get<AttachmentPage>(`/workflow-runs/${neighbour}/attachments`)
    expect(await download(left[0]!)).toMatchObject({ status: 200, text: report })
    expect(attachedFiles()).toHaveLength(3)
    await expect.poll(async () => hits(await searched(asks[0]!)), { timeout: 10_000 }).not.toContain(gone)
    expect((await call("POST", "/admin/verify", { archive: true })).body).toMatchObject({
      findings: [],
      archive: { findings: [] },
    })
    const audit = await get<AuditPage>("/audit?action=run.erase&outcome=done")
    expect(audit.items.map(({ target, detail }) => [target, detail])).toEqual([
      [live, { reason: "asked by the customer" }],
      [gone, { reason: "asked by the customer" }],
    ])
  })

  test("that is away makes an erasure wait: the audit says it was asked for, and that it is done once it is", async () => {
    const runId = old[2]!
    const entries = async (action: string) =>
      (await get<AuditPage>(`/audit?action=${action}&outcome=done&target=${runId}`)).items.map(({ detail }) => detail)
    renameSync(folder, `${folder}-away`)
    writeFileSync(folder, "in its place")
    const { body } = await call("POST", `/workflow-runs/${runId}/erase`, { reason: "case 4711" })
    expect(body).toMatchObject({ runId, state: "waits" })
    await expect.poll(() => entries("run.erase.asked")).toEqual([{ reason: "case 4711" }])
    expect(await entries("run.erase")).toEqual([])
    rmSync(folder)
    renameSync(`${folder}-away`, folder)
    await call("POST", "/policies/retention/purge")
    expect(await entries("run.erase")).toEqual([{ reason: "case 4711" }])
    expect((await call("GET", `/workflow-runs/${runId}`)).status).toBe(404)
    expect(attachedFiles()).toHaveLength(2)
  })

  test("lets a batch go when nothing of it is listed any more", async () => {
    await call("PUT", "/policies/retention", { policy: { summaries: 20 } })
    const { body } = await call("POST", "/policies/retention/purge")
    expect((body as PurgeReport).summaries.runs).toBeGreaterThan(old.length)
    expect([files(), attachedFiles()]).toEqual([[], []])
    expect((await get<ArchivedBatchPage>("/policies/retention/archive")).items).toEqual([])
    expect((await call("POST", "/admin/verify", { archive: true })).body).toMatchObject({
      findings: [],
      archive: { batches: 0, findings: [] },
    })
  })
})

describe("an archive in a bucket", () => {
  test("is written, read and cleared like one in a folder, and its key stands nowhere", async () => {
    const own = place()
    const bucket = await openBucket()
    const until = Date.now()
    const dataDir = join(own.folder, ".waybill")
    await seedStore({ dataDir, runs: 25, seed: 5, from: until - 90 * dayMs, until: until - 60 * dayMs }, () => {})
    const env = {
      WAYBILL_ARCHIVE: `s3://${bucket.bucket}/waybill`,
      WAYBILL_ARCHIVE_ENDPOINT: bucket.endpoint,
      WAYBILL_ARCHIVE_ACCESS_KEY: bucket.accessKey,
      WAYBILL_ARCHIVE_SECRET_KEY: "kept-from-everybody",
    }
    const running = await own.start({}, env)
    const asked = async (method: string, path: string, body?: unknown): Promise<unknown> =>
      (await ask(running.url, method, path, body)).body
    try {
      await asked("PUT", "/policies/retention", { policy: { io: 30, events: 30, summaries: null, archive: true } })
      const { items } = (await asked("GET", "/workflow-runs?limit=100&sort=createdAt")) as RunPage
      const done = items.find(({ completedAt }) => completedAt !== null)!
      const path = `/workflow-runs/${done.runId}/events?limit=200`
      const then = await asked("GET", path)
      await attach(running.url, done.runId, "report.txt", report)
      const { archive } = (await asked("POST", "/policies/retention/purge")) as PurgeReport
      expect(archive).toMatchObject({ waits: null })
      expect(archive?.runs).toBeGreaterThan(10)
      expect(await asked("GET", "/policies/retention")).toMatchObject({
        archive: { place: "s3://kept/waybill", runs: archive?.runs, bytes: archive?.bytes },
      })
      expect(await asked("GET", path)).toEqual(then)
      const { items: attached } = (await asked("GET", `/workflow-runs/${done.runId}/attachments`)) as AttachmentPage
      expect(attached).toMatchObject([{ archived: true }])
      expect(await (await fetch(new URL(attached[0]!.url!, running.url))).text()).toBe(report)
      expect(await asked("POST", "/admin/verify", { archive: true })).toMatchObject({ archive: { findings: [] } })
      await asked("PUT", "/policies/retention", { policy: { summaries: 40 } })
      await asked("POST", "/policies/retention/purge")
      expect(await asked("GET", "/policies/retention/archive")).toMatchObject({ items: [] })
      expect(running.lines.join("")).not.toContain("kept-from-everybody")
    } finally {
      await running.close()
      await bucket.close()
      own.remove()
    }
  })
})
