/** Upkeep on the data directory itself, with its lock. */
import { existsSync, readdirSync } from "node:fs"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import type { OnProgress } from "@waybill/sdk"
import { archiveOf } from "@waybill/server/compose/archive-of"
import { backupFile, keyFileOf, openUpkeep, StoreOpenError, verifyFolder } from "@waybill/server/compose/open-upkeep"
import { exitCodes } from "../exit-codes.ts"
import { CommandFailure, wrongUse } from "../failure.ts"
import type { Session } from "../session.ts"
import type { Upkeep } from "../upkeep.ts"
import { configOf } from "./configured-address.ts"

/** @param archive a folder; undefined: the one that the settings name */
export async function openOfflineUpkeep(
  { terminal }: Session,
  folder: string | undefined,
  archive?: string,
): Promise<Upkeep> {
  const config = configOf(terminal, {
    ...(folder !== undefined && { dataDir: folder }),
    ...(archive !== undefined && { archive: pathToFileURL(resolve(terminal.cwd, archive)).href }),
  })
  const { dataDir } = config
  // Opening would make an empty store, and an empty store is always sound.
  if (!existsSync(dataDir) || !readdirSync(dataDir).some((name) => name.endsWith(".db")))
    throw new CommandFailure({
      code: "no_store",
      detail: `no server answers, and ${dataDir} holds no store`,
      hint: "Name the data directory with --offline --data-dir, or the server with --url.",
      exitCode: exitCodes.notThere,
    })
  const upkeep = await openUpkeep(dataDir, keyFileOf(config), archiveOf(config)).catch((error: unknown) => {
    throw notOpened(error, dataDir)
  })
  return {
    verify: async ({ runId, head, archive: withArchive = false }, onProgress) => {
      if (withArchive && config.archive === null)
        throw wrongUse("no archive is named", "Name its folder, as in --archive /mnt/kept, or set WAYBILL_ARCHIVE.")
      const asked = { runId: runId ?? null, head: head ?? null, archive: withArchive }
      const report = await upkeep.verify(asked, onProgress)
      const checked = report.archive && { ...report.archive, findings: [...report.archive.findings] }
      return { ...report, findings: [...report.findings], archive: checked }
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

/** The files of an archive by themselves: no server and no store is asked. */
export async function verifyArchiveFolder({ terminal }: Session, folder: string, onProgress: OnProgress) {
  const place = resolve(terminal.cwd, folder)
  if (!existsSync(place))
    throw new CommandFailure({
      code: "no_archive",
      detail: `there is no folder ${place}`,
      hint: "Name the folder that WAYBILL_ARCHIVE names, as it is mounted here.",
      exitCode: exitCodes.notThere,
    })
  const { findings, ...archive } = await verifyFolder(place, onProgress)
  const nothing = { runs: 0, events: 0, erased: 0, findings: [], audit: null }
  return { ...nothing, archive: { ...archive, findings: [...findings] } }
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
