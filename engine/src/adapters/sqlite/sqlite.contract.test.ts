import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { RunQueries } from "../../ports/run-queries.ts"
import { describeBulkStore } from "../../testing/contract/bulk-store.ts"
import { describeDefinitionStore } from "../../testing/contract/definition-store.ts"
import { describeHistoryStore } from "../../testing/contract/history-store.ts"
import { describeRemarkStore } from "../../testing/contract/remark-store.ts"
import { describeRunInsights } from "../../testing/contract/run-insights.ts"
import { describeRunQueries } from "../../testing/contract/run-queries.ts"
import { describeRunStore } from "../../testing/contract/run-store.ts"
import { describeRunTallies } from "../../testing/contract/run-tallies.ts"
import type { OpenStores } from "../../testing/contract/stores.ts"
import { FileBlobs } from "../blobs/files.ts"
import { blobFolder, openSqlite } from "./open.ts"
import { databaseName, openReader } from "./open-database.ts"
import { Reads } from "./queries/reads.ts"
import { defaultScanBounds } from "./queries/scan.ts"
import { attachSearch } from "./search/search-file.ts"

const foldersOf = new WeakMap<object, string>()

const open: OpenStores = async (now) => {
  const folder = mkdtempSync(join(tmpdir(), "waybill-store-"))
  const data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, now, readers: 1 })
  const dispose = async () => {
    await data.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const stores = { ...data, dispose }
  foldersOf.set(stores, folder)
  return stores
}

/** As in a store of millions: every list is walked along an index, a few rows at a time. */
const openWalking: OpenStores = async (now) => {
  const stores = await open(now)
  const db = openReader(join(foldersOf.get(stores)!, databaseName))
  attachSearch(db)
  const reads = new Reads(db, "00", {
    ...defaultScanBounds,
    sortedRows: 1,
    chunkRows: 4,
    // What is proven is what is counted, not how quick the machine is.
    countMs: 60_000,
    tallyMs: 60_000,
    tallyRows: 4,
    tallyIndexChunkRows: 3,
  })
  const queries: RunQueries = {
    run: async (runId) => reads.run(runId),
    runs: async (request) => reads.runs(request),
    steps: async (runId, after, limit) => reads.steps(runId, after, limit),
    events: async (runId, page) => reads.events(runId, page),
    approvals: async (request) => reads.approvals(request),
    countsByStatus: async (question) => reads.countsByStatus(question),
    histogram: async (question, window) => reads.histogram(question, window),
    firstStart: async (question) => reads.firstStart(question),
    facets: async (question, names, max) => reads.facets(question, names, max),
    approval: async (approvalId) => reads.approval(approvalId),
    since: async (position, limit) => reads.since(position, limit),
  }
  const dispose = async () => {
    db.close()
    await stores.dispose()
  }
  return { ...stores, queries, dispose }
}

describeRunStore("a store in SQLite", open)
describeRunQueries("a store in SQLite", open, 200)
describeRunTallies("a store in SQLite", open, 100)
describeRunTallies("a store in SQLite that walks its indexes", openWalking, 100)
describeRunQueries("a store in SQLite that walks its indexes", openWalking, 300)
describeRunInsights("a store in SQLite", open)
describeBulkStore("a store in SQLite", open)
describeRemarkStore("a store in SQLite", open)
describeDefinitionStore("a store in SQLite", open)
describeHistoryStore("a store in SQLite", open)
