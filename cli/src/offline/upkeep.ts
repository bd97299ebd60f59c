/** Upkeep on the data directory itself, with its lock. */
import { existsSync, readdirSync } from "node:fs"
import { backupFile, keyFileOf, openUpkeep, StoreOpenError } from "@waybill/server/compose/open-upkeep"
import { exitCodes } from "../exit-codes.ts"
import { CommandFailure, wrongUse } from "../failure.ts"
import type { Session } from "../session.ts"
import type { Upkeep } from "../upkeep.ts"
import { configOf } from "./configured-address.ts"

export async function openOfflineUpkeep({ terminal }: Session, folder: string | undefined): Promise<Upkeep> {
  const config = configOf(terminal, folder === undefined ? {} : { dataDir: folder })
  const { dataDir } = config
  // Opening would make an empty store, and an empty store is always sound.
  if (!existsSync(dataDir) || !readdirSync(dataDir).some((name) => name.endsWith(".db")))
    throw new CommandFailure({
      code: "no_store",
      detail: `no server answers, and ${dataDir} holds no store`,
      hint: "Name the data directory with --offline --data-dir, or the server with --url.",
      exitCode: exitCodes.notThere,
    })
  const upkeep = await openUpkeep(dataDir, keyFileOf(config)).catch((error: unknown) => {
    throw notOpened(error, dataDir)
  })
  return {
    verify: async ({ runId, head, archive }, onProgress) => {
      if (archive === true)
        throw wrongUse("what lies in the archive is checked by a running server", "Start it, and leave --offline away.")
      const report = await upkeep.verify({ runId: runId ?? null, head: head ?? null }, onProgress)
      // What the archive's keys are only a server knows.
      return { ...report, findings: [...report.findings], archive: null }
    },
    fsck: async (onProgress) => {
      const report = await upkeep.fsck(onProgress)
      return { ...report, findings: [...report.findings], skipped: [...report.skipped] }
    },
    rebuild: async ({ runId }, onProgress) => {
      const report = await upkeep.rebuild({ runId: runId ?? null }, onProgress)
      return { ...report, skipped: [...report.skipped] }
    },
    backup: async ({ name }) => upkeep.backup(await backupFile(dataDir, name ?? null, terminal.now())),
    close: () => upkeep.close(),
  }
}

export function notOpened(error: unknown, dataDir: string): unknown {
  if (!(error instanceof StoreOpenError)) return error
  return new CommandFailure({
    code: error.code,
    detail: error.message,
    where: dataDir,
    hint: error.hint,
    exitCode: error.code === "data_locked" ? exitCodes.notThere : exitCodes.failed,
  })
}
