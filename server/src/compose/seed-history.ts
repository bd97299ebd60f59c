/** Fills the store of a stopped server with a made-up history: with the lock, without loops, agents or a network. */

import { type SeededHistory, seedHistory } from "@waybill/engine"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { createJsonSchemas } from "@waybill/engine/adapters/schemas/index"
import { makeDataFolder } from "@waybill/engine/adapters/sqlite/data-folder"
import { blobFolder, openSqlite } from "@waybill/engine/adapters/sqlite/open"
import { systemHashing } from "@waybill/engine/adapters/system/hashing"
import packageJson from "../../package.json" with { type: "json" }
import { keyFileOf, keysAt } from "./keys-beside.ts"

export { type SeededHistory, SeedRefused } from "@waybill/engine"

export interface SeedOptions {
  readonly dataDir: string
  /** As the settings name it; null: beside the database. */
  readonly redactionKeyFile?: string | null
  readonly runs: number
  readonly seed: number
  readonly from: number
  readonly until: number
}

/** @throws StoreOpenError, `data_locked` when a process holds the directory */
export async function seedStore(
  { dataDir, redactionKeyFile = null, ...asked }: SeedOptions,
  progress: (runs: number) => void,
): Promise<SeededHistory> {
  makeDataFolder(dataDir)
  const blobs = new FileBlobs(blobFolder(dataDir))
  const data = openSqlite({ folder: dataDir, blobs, port: null, ...keysAt(keyFileOf({ dataDir, redactionKeyFile })) })
  try {
    const schemas = createJsonSchemas()
    const ports = {
      store: data.store,
      definitionStore: data.definitions,
      compileSchema: schemas.compile,
      schemas,
      hashing: systemHashing,
    }
    const request = { ...asked, blobSecret: data.secret, waybillVersion: packageJson.version }
    return await seedHistory(ports, request, progress)
  } finally {
    await data.close()
  }
}
