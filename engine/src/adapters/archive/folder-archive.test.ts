import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { ArchiveUnavailable } from "../../ports/archive-store.ts"
import { describeArchiveStore } from "../../testing/contract/archive-store.ts"
import { FolderArchive } from "./folder-archive.ts"

const temporary = () => mkdtempSync(join(tmpdir(), "waybill-archive-"))

describeArchiveStore("a folder", async () => {
  const folder = temporary()
  return {
    store: new FolderArchive(join(folder, "made", "later")),
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  }
})

test("a folder that cannot be written to is said to be unavailable, and leaves no half file", async () => {
  const folder = temporary()
  writeFileSync(join(folder, "taken"), "a file where a folder should be")
  const archive = new FolderArchive(folder)
  await expect(archive.write("taken/a.json", new Uint8Array(3))).rejects.toThrow(ArchiveUnavailable)
  expect(readdirSync(folder)).toEqual(["taken"])
  rmSync(folder, { recursive: true })
})
