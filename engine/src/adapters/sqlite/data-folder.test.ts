import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { FileBlobs } from "../blobs/files.ts"
import { blobFolder, openSqlite } from "./open.ts"

const mode = (path: string) => statSync(path).mode & 0o777

test("a data directory that is made is its owner's; one that was there keeps what it was given", async () => {
  const base = mkdtempSync(join(tmpdir(), "waybill-folder-"))
  const shared = join(base, "shared")
  mkdirSync(shared)
  chmodSync(shared, 0o750)
  for (const [folder, expected] of [
    [join(base, "new", "data"), 0o700],
    [shared, 0o750],
  ] as const) {
    const data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1 })
    expect(mode(folder)).toBe(expected)
    await data.close()
  }
  rmSync(base, { recursive: true, force: true })
})
