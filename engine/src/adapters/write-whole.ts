/**
 * A file that is there whole or not at all, whatever ends the process: written beside it, brought to the disk, renamed. The
 * folder's own sync is the caller's, who knows how many names it has new. Adapters share this.
 */
import { open, rename, rm } from "node:fs/promises"

/** @param draft in the same folder; left out of what the folder is said to hold */
export async function writeWhole(path: string, draft: string, bytes: string | Uint8Array): Promise<void> {
  try {
    const file = await open(draft, "wx", 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
