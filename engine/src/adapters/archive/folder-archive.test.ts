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

test("what a crash left of a file on its way goes with the files beside it, and their folders with the last", async () => {
  const folder = temporary()
  const archive = new FolderArchive(folder)
  await archive.write("month=1/a/one.json", new Uint8Array(3))
  await archive.write("month=1/a/two.json", new Uint8Array(3))
  writeFileSync(join(folder, "month=1", "a", ".0b7a4c1e-6f0e-4c0e-9a53-0d6f5f7f2b11"), "half")
  await archive.remove("month=1/a/one.json")
  expect(readdirSync(join(folder, "month=1", "a"))).toEqual(["two.json"])
  await archive.remove("month=1/a/two.json")
  expect(readdirSync(folder)).toEqual([])
  await archive.write("month=1/a/one.json", new Uint8Array(3))
  expect(await archive.read("month=1/a/one.json", 3)).toHaveLength(3)
  rmSync(folder, { recursive: true })
})
