import { createHmac } from "node:crypto"
import { hexSha256 } from "../../testing/builders/run-history.ts"
import { describeBulkStore } from "../../testing/contract/bulk-store.ts"
import { describeDefinitionStore } from "../../testing/contract/definition-store.ts"
import { describeHistoryStore } from "../../testing/contract/history-store.ts"
import { describeRemarkStore } from "../../testing/contract/remark-store.ts"
import { describeRunInsights } from "../../testing/contract/run-insights.ts"
import { describeRunQueries } from "../../testing/contract/run-queries.ts"
import { describeRunStore } from "../../testing/contract/run-store.ts"
import { describeRunTallies } from "../../testing/contract/run-tallies.ts"
import type { OpenStores } from "../../testing/contract/stores.ts"
import { MemoryBulk } from "./memory-bulk.ts"
import { MemoryDefinitions, MemoryResumeMarks } from "./memory-definitions.ts"
import { MemoryHistory } from "./memory-history.ts"
import { MemoryInsights } from "./memory-insights.ts"
import { MemoryQueries } from "./memory-queries.ts"
import { MemoryRemarks } from "./memory-remarks.ts"
import { MemoryStore } from "./memory-store.ts"

const open: OpenStores = async (now) => {
  const store = new MemoryStore({ sha256: hexSha256, now })
  return {
    store,
    queries: new MemoryQueries(store.tables, (text) => createHmac("sha256", "key").update(text).digest("hex")),
    insights: new MemoryInsights(store.tables),
    definitions: new MemoryDefinitions(store.tables),
    bulk: new MemoryBulk(),
    remarks: new MemoryRemarks(store.tables),
    resumeMarks: new MemoryResumeMarks(),
    history: new MemoryHistory(store.tables, hexSha256),
    dispose: () => store.close(),
  }
}

describeRunStore("a store in memory", open)
describeRunQueries("a store in memory", open, 200)
describeRunTallies("a store in memory", open, 100)
describeRunInsights("a store in memory", open)
describeBulkStore("a store in memory", open)
describeRemarkStore("a store in memory", open)
describeDefinitionStore("a store in memory", open)
describeHistoryStore("a store in memory", open)
