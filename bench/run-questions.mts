/**
 * How long does a page that looks at all runs wait? Lists, counts, histogram and facets over many runs with some
 * questions people ask, on a reader's thread. `-- --scale 10` makes a million of them. Times are medians of seven.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { blobFolder, openSqlite, type SqliteData } from "@waybill/engine/adapters/sqlite/open"
import { parseRunQuery, withQuery } from "../engine/src/core/views/run-language/index.ts"
import { noFilter } from "../engine/src/core/views/run-query.ts"
import { facetNames } from "../engine/src/core/views/run-tally.ts"
import type { RunQuestion } from "../engine/src/ports/run-question.ts"
import type { RunCommit } from "../engine/src/ports/store.ts"
import { RunHistory } from "../engine/src/testing/builders/run-history.ts"
import { median } from "./lib/numbers.ts"
import { benchOptions } from "./lib/options.ts"

const runs = benchOptions().scaled(100_000)
const now = 1_795_176_000_000
/** One run each 10 s: 100,000 of them are some eleven days. */
const apartMs = 10_000

const folder = mkdtempSync(join(tmpdir(), "waybill-bench-"))
const data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1 })
await fill(data, runs)

const queries = [
  "",
  "started:>-24h",
  "status:failed",
  "status:failed started:>-24h",
  "wf:invoice_*",
  "wf:invoice_3 status:failed,timed_out",
  "env:prod -tag:test",
  "tag:q3",
  "tag:/^q[1-4]$/",
  "dur:>50s",
  "has:error message:refused",
  "refund",
  "run_00000000000000000042",
  "nothing-of-the-kind",
]
console.log(`${runs} runs; ms, * = stopped at its bound and not exact`)
const lines: { [query: string]: Awaited<ReturnType<typeof line>> } = {}
for (const query of queries) lines[query] = await line(query)
console.table(lines)
await data.close()
rmSync(folder, { recursive: true, force: true })

async function line(query: string) {
  const filter = withQuery(noFilter, parseRunQuery(query))
  const question: RunQuestion = { workspaceId: "default", filter, now }
  const { queries: reads } = data
  const day = { from: now - 86_400_000, to: now, bucketMs: 1_800_000 }
  const all = { from: now - runs * apartMs, to: now, bucketMs: Math.ceil((runs * apartMs) / 60) }
  const list = { ...question, sort: "-startedAt", cursor: null, limit: 50 } as const
  return {
    list: await time(async () => totalOf(await reads.runs(list))),
    counts: await time(() => reads.countsByStatus(question)),
    "histogram 24 h": await time(() => reads.histogram(question, day)),
    "histogram all": await time(() => reads.histogram(question, all)),
    facets: await time(() => reads.facets(question, facetNames, 20)),
  }
}

function totalOf(listed: Awaited<ReturnType<SqliteData["queries"]["runs"]>>) {
  if (!listed.ok) throw new Error(listed.message)
  return listed.page.total!
}

async function time(work: () => Promise<{ readonly exact: boolean }>): Promise<string> {
  const times: number[] = []
  let exact = true
  for (let round = 0; round < 7; round += 1) {
    const from = performance.now()
    exact = (await work()).exact
    times.push(performance.now() - from)
  }
  return `${median(times).toFixed(1)}${exact ? "" : "*"}`
}

async function fill({ store }: SqliteData, count: number): Promise<void> {
  for (let done = 0; done < count; done += 500) {
    const commits = Array.from({ length: Math.min(500, count - done) }, (_, index) => commitsOf(done + index)).flat()
    const outcome = await store.commit(commits)
    if (outcome.kind !== "durable") throw new Error(outcome.message)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Of a hundred runs three fail, one is cancelled; the newest fifty go on. */
function commitsOf(number: number): readonly RunCommit[] {
  const history = new RunHistory(`run_${String(number).padStart(20, "0")}`, now - (runs - number) * apartMs, {
    workflowId: `${number % 3 === 0 ? "invoice" : "refund"}_${number % 20}`,
    workflowName: "Orders of the day",
    environment: number % 100 === 0 ? "prod" : "default",
    actor: `user:${number % 50}`,
    tags: JSON.stringify(number % 10 === 0 ? [`q${number % 7}`, "nightly"] : number % 10 === 1 ? ["test"] : []),
    versionNumber: number % 5,
    workflowVersion: `1.${number % 5}`,
    hitl: number % 25 === 0 ? "approved" : null,
  })
  const commits = [history.created(), history.started()]
  if (number >= runs - 50) return commits
  history.at += (number * 7_919) % 60_000
  return [...commits, number % 33 === 0 ? history.failed(`error_${number % 4}`) : history.completed()]
}
