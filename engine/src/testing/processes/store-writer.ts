/**
 * A process that commits runs to a data directory until it is stopped, and says each one once it is durable: to be
 * killed. Started as `node --import tsx store-writer.ts <folder> <name> <batches> [<uid>]`; says `open`, then `<batch>`
 * lines, or `refused <code>` / `unknown`, with which it ends.
 */
import { writeSync } from "node:fs"
import Database from "better-sqlite3"
import { FileBlobs } from "../../adapters/blobs/files.ts"
import { StoreOpenError } from "../../adapters/sqlite/errors.ts"
import { blobFolder, openSqlite } from "../../adapters/sqlite/open.ts"
import { operationsRun } from "../builders/run-history.ts"

const [folder, name, batches, uid] = process.argv.slice(2) as [string, string, string, string | undefined]

/** Synchronously: what is said must not be lost with the process. */
const say = (line: string) => writeSync(1, `${line}\n`)

/** Runs of one batch: they are stored together or not at all. */
const runsOfBatch = 3

// Another user only now: that one may not be able to read the program.
if (uid !== undefined) {
  new Database(":memory:").close()
  process.setgid?.(Number(uid))
  process.setuid?.(Number(uid))
}

try {
  const data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: 7_420 })
  say("open")
  for (let batch = 0; batch < Number(batches); batch += 1) {
    const runs = Array.from({ length: runsOfBatch }, (_, index) => `run_${name}_${batch}_${index}`)
    const outcome = await data.store.commit(runs.flatMap((runId) => operationsRun(runId, 1_000 + batch, 2)))
    if (outcome.kind === "durable") say(String(batch))
    else say(outcome.kind === "refused" ? `refused ${outcome.code}` : "unknown")
    if (outcome.kind !== "durable") {
      const again = await data.store.commit(operationsRun(`run_${name}_again`, 1_000, 1))
      say(`then ${again.kind}`)
      process.exit(70)
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  await data.close()
  say("closed")
} catch (error) {
  if (!(error instanceof StoreOpenError)) throw error
  say(`cannot open: ${error.code}`)
  process.exit(3)
}
