/** A large history in a data directory, made once and found again: by its seed, as `waybill seed --history` makes one. */
import { existsSync, readFileSync, statfsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { createJsonSchemas } from "@waybill/engine/adapters/schemas/index"
import { blobFolder, openSqlite } from "@waybill/engine/adapters/sqlite/open"
import { systemHashing } from "@waybill/engine/adapters/system/hashing"
import { version } from "@waybill/server"
import { seedHistory } from "../../engine/src/usecases/seed/seed-history.ts"
import { scaleStories } from "./scale-stories.ts"

export interface ScaleHistory {
  readonly runs: number
  readonly events: number
  readonly from: number
  readonly until: number
}

const days = 90
const dayMs = 86_400_000
const hourMs = 3_600_000
/** What a run takes in the database with its indexes, and as much again for what is done to it. */
const bytesARun = 24_000
const seed = 41

/** @param folder holds `data`, and beside it what was made: a history that is whole is not made again. */
export async function scaleHistory(folder: string, runs: number): Promise<ScaleHistory> {
  const made = join(folder, "history.json")
  const dataDir = join(folder, "data")
  const begun = performance.now()
  if (existsSync(made)) {
    // What has come since is added to its tables and indexes before a server has to be ready in time.
    await opened(dataDir).close()
    console.log(`opened and closed in ${Math.round(performance.now() - begun)} ms`)
    return JSON.parse(readFileSync(made, "utf8")) as ScaleHistory
  }
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < runs * bytesARun)
    throw new Error(`${runs} runs want ${Math.ceil((runs * bytesARun) / 2 ** 30)} GiB of free disk in ${folder}`)
  const until = Math.floor(Date.now() / hourMs) * hourMs
  const from = until - days * dayMs
  const data = opened(dataDir)
  let told = 0
  try {
    const schemas = createJsonSchemas()
    const ports = {
      store: data.store,
      definitionStore: data.definitions,
      compileSchema: schemas.compile,
      schemas,
      hashing: systemHashing,
    }
    const stories = scaleStories()
    const request = { runs, seed, from, until, stories, blobSecret: data.secret, waybillVersion: version }
    const seeded = await seedHistory(ports, request, (done) => {
      if (done < told + runs / 20) return
      told = done
      console.log(`${done} of ${runs} runs, ${Math.round(done / ((performance.now() - begun) / 1_000))} a second`)
    })
    const history = { runs: seeded.runs, events: seeded.events, from, until }
    console.log(JSON.stringify({ ...seeded, seconds: Math.round((performance.now() - begun) / 1_000) }))
    writeFileSync(made, JSON.stringify(history))
    return history
  } finally {
    await data.close()
  }
}

function opened(folder: string) {
  return openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null })
}
