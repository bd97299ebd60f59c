/** What looks after the store; a living server and a stopped one's data directory give the same reports (settled 22). */
import type { BackupReport, FsckReport, RebuildReport, VerifyReport } from "@waybill/contract"
import type { OnProgress } from "@waybill/sdk"

export interface Upkeep {
  verify(options: { runId?: string; head?: string; archive?: boolean }, onProgress: OnProgress): Promise<VerifyReport>
  fsck(onProgress: OnProgress): Promise<FsckReport>
  rebuild(options: { runId?: string }, onProgress: OnProgress): Promise<RebuildReport>
  /** `name`: of the file under `backups/` in the data directory. */
  backup(options: { name?: string }): Promise<BackupReport>
  close(): Promise<void>
}
