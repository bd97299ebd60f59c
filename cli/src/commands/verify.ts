import type { VerifyReport } from "@waybill/contract"
import type { Command } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import type { Session } from "../session.ts"
import { isIntact, verifyText } from "../show/upkeep.ts"
import { createProgressLine, type UpkeepOptions, upkeepOptions, withUpkeep } from "../with-upkeep.ts"

interface Options extends UpkeepOptions {
  readonly run?: string
  readonly head?: string
  readonly archive?: string | true
}

export function verifyCommand(program: Command, run: Run): void {
  upkeepOptions(
    program.command("verify").description("Checks the hash chains: whether the history of every run is whole."),
  )
    .option("--run <id>", "only this run")
    .option("--head <hash>", "an exported head to compare with: shows a tail that was cut off")
    .option(
      "--archive [folder]",
      "check every batch of the archive too; of a folder the files alone, with --offline or --data-dir against the store",
    )
    .action(
      perform<Options>(run, async (session, options) => {
        const report = await reportOf(session, options)
        session.show(report, () => verifyText(session.style, report))
        return isIntact(report) ? exitCodes.done : exitCodes.failed
      }),
    )
}

async function reportOf(session: Session, options: Options): Promise<VerifyReport> {
  const { run: runId, head, archive, dataDir, offline } = options
  if (typeof archive === "string" && dataDir === undefined && offline !== true)
    return filesAlone(session, archive, options)
  const place = typeof archive === "string" ? { ...options, archiveFolder: archive } : options
  return withUpkeep(session, place, (upkeep, onProgress) =>
    upkeep.verify({ runId, head, ...(archive !== undefined && { archive: true }) }, onProgress),
  )
}

/** Nothing is known then of runs and of an exported head. */
async function filesAlone(session: Session, folder: string, { run, head }: Options): Promise<VerifyReport> {
  if (run !== undefined || head !== undefined)
    throw wrongUse("--run and --head ask the store", "Add --offline or --data-dir, or leave them away.")
  const { verifyArchiveFolder } = await import("../offline/upkeep.ts")
  const line = createProgressLine(session)
  try {
    return await verifyArchiveFolder(session, folder, line.show)
  } finally {
    line.clear()
  }
}
