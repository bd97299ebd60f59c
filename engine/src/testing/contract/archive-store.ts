/** The contract of `ArchiveStore`: whole files by name, read back to the byte and no further than asked. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ArchiveDamaged, type ArchiveStore } from "../../ports/archive-store.ts"

export interface OpenedArchive {
  readonly store: ArchiveStore
  dispose(): Promise<void>
}

export function describeArchiveStore(name: string, open: () => Promise<OpenedArchive>): void {
  describe(`${name}: an archive`, () => {
    let opened: OpenedArchive
    const file = "workspace=default/month=2026-10/2026-10-02-17-0a1b/events.parquet"
    const bytes = new Uint8Array(70_000).map((_, i) => (i * 31 + (i >> 8)) % 256)
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.dispose())

    it("gives back what was written, to the byte", async () => {
      await opened.store.write(file, bytes)
      expect(Buffer.from((await opened.store.read(file, bytes.length))!).equals(Buffer.from(bytes))).toBe(true)
      await opened.store.write("workspace=a%20b/empty.json", new Uint8Array())
      expect(await opened.store.read("workspace=a%20b/empty.json", 0)).toHaveLength(0)
    })

    it("has nothing under a name that was not written, and forgets what was removed", async () => {
      expect(await opened.store.read(file, 10)).toBeNull()
      await opened.store.remove(file)
      await opened.store.write(file, bytes)
      await opened.store.remove(file)
      expect(await opened.store.read(file, bytes.length)).toBeNull()
    })

    it("has the content that was written last", async () => {
      await opened.store.write(file, bytes)
      await opened.store.write(file, bytes.slice(0, 5))
      expect([...(await opened.store.read(file, 5))!]).toEqual([...bytes.slice(0, 5)])
    })

    it("reads no file that is longer than it may be", async () => {
      await opened.store.write(file, bytes)
      await expect(opened.store.read(file, bytes.length - 1)).rejects.toThrow(ArchiveDamaged)
    })

    it.each(["../x", "/etc/passwd", "a/../../b", "a//b", ".hidden", "a/.b", "a\\..\\b", ""])(
      "takes no name that could lead out of it: %j",
      async (name) => {
        await expect(async () => opened.store.write(name, bytes)).rejects.toThrow("is no name of a file")
        await expect(async () => opened.store.read(name, 1)).rejects.toThrow("is no name of a file")
      },
    )

    it("says where it is, and nothing that is secret", () => {
      expect(opened.store.place).toMatch(/^(file:\/\/\/|s3:\/\/)/)
      expect(opened.store.place).not.toContain("S3RVER")
    })
  })
}
