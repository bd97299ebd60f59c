/** What a history has beside its runs: a run of 100,000 steps, runs that wait, remarks, and all of it counted. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { inFlight } from "./numbers.ts"
import type { HttpClient } from "./server.ts"

const runs = "/api/v1/workflow-runs"
const steps = 100_000
const waiting = 500
/** Of the newest that failed. */
const remarked = 600
const untilMs = 1_800_000
const busyMs = 120_000

export interface Prepared {
  readonly longRunId: string
}

/** Once a folder. */
export async function prepare(client: HttpClient, folder: string): Promise<Prepared> {
  const made = join(folder, "prepared.json")
  if (existsSync(made)) {
    await counted(client)
    return JSON.parse(readFileSync(made, "utf8")) as Prepared
  }
  const input = { items: Array.from({ length: steps }, (_, item) => item) }
  const { runId: longRunId } = await startRun(client, { workflowId: "each", input })
  await inFlight(waiting, 20, () => startRun(client, { workflowId: "gate", input: {}, tags: ["gate"] }))
  await remark(client)
  await until(`run ${longRunId} of ${steps} steps`, async () => {
    const { status } = await client.ask<{ status: string }>(`${runs}/${longRunId}`)
    if (status === "FAILED") throw new Error(`run ${longRunId} failed`)
    return status === "COMPLETED"
  })
  await counted(client)
  writeFileSync(made, JSON.stringify({ longRunId }))
  return { longRunId }
}

/** A disk that still takes in a million runs makes the server say that it is busy: then it is asked again. */
async function startRun(client: HttpClient, body: object): Promise<{ readonly runId: string }> {
  for (const from = performance.now(); ; ) {
    const { status, text } = await client.post(runs, JSON.stringify(body))
    if (status < 300) return JSON.parse(text) as { runId: string }
    if (status !== 503 || performance.now() - from > busyMs) throw new Error(`${status} ${text.slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** Owners, resolutions and notes, as people leave them on the newest failures. */
async function remark(client: HttpClient): Promise<void> {
  const found: string[] = []
  for (let cursor: string | null = ""; cursor !== null && found.length < remarked; ) {
    const page: { readonly items: readonly { readonly runId: string }[]; readonly nextCursor?: string | null } =
      await client.ask(`${runs}?status=failed&limit=200${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`)
    found.push(...page.items.map(({ runId }) => runId))
    cursor = page.nextCursor ?? null
  }
  await inFlight(Math.min(remarked, found.length), 10, async (index) => {
    const run = `${runs}/${found[index]!}`
    await client.ask(`${run}/assign`, "POST", { owner: `user:${index % 3 === 0 ? "ann" : "ben"}` })
    if (index % 4 === 0) await client.ask(`${run}/annotations`, "POST", { note: "Looked at: the customer is new." })
    if (index % 5 === 0)
      await client.ask(`${run}/resolve`, "POST", { state: "acknowledged", reason: "the other side knows of it" })
  })
}

/** Rollups have come to the end of the feed. */
function counted(client: HttpClient): Promise<void> {
  return until("the counts of all runs", async () => {
    const { behind } = await client.ask<{ behind: number }>("/api/v1/insights/metrics?workflowId=gate")
    return behind === 0
  })
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const from = performance.now()
  while (!(await isTrue())) {
    if (performance.now() - from > untilMs) throw new Error(`${what}: not there after ${untilMs / 60_000} minutes`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  console.log(`${what}: ${((performance.now() - from) / 1_000).toFixed(1)} s`)
}
