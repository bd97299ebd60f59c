/**
 * Large values by content hash (rule 20). A value that `write` has returned for is on disk, and so is its name; only
 * then may an event that refers to it be committed. The hash comes from the caller: the store does not know the secret.
 */
import type { BlobWrite } from "./store.ts"

export interface BlobStore {
  /** Writing what is there already is no error, and makes it young again for `sweep`. */
  write(blobs: readonly BlobWrite[]): Promise<void>
  /** JSON texts by hash; what is not there is absent. */
  read(hashes: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Removes what `inUse` does not know and nobody wrote since `olderThan` (ms since the epoch); the hashes removed. */
  sweep(inUse: (hash: string) => boolean, olderThan: number): Promise<readonly string[]>
  /** Copies all that is there now into another folder, for a backup; bytes copied. */
  copyTo(folder: string): Promise<number>
}
