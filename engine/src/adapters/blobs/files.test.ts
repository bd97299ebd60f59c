import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { FileBlobs } from "./files.ts"

const hash = (digit: string) => digit.repeat(64)
let folder: string
let blobs: FileBlobs

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-blobs-"))
  blobs = new FileBlobs(join(folder, "blobs"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe("large values as files", () => {
  it("are read as they were written, and what is not there is absent", async () => {
    const json = JSON.stringify({ text: "ä😀\u2028", list: Array.from({ length: 9_000 }, (_, index) => index) })
    await blobs.write([
      { hash: hash("a"), json },
      { hash: hash("b"), json: "2" },
    ])
    expect([...(await blobs.read([hash("b"), hash("c"), hash("a"), hash("a")]))].sort()).toEqual([
      [hash("a"), json],
      [hash("b"), "2"],
    ])
  })

  it("leave no half-written file under a name, also when two write the same at once", async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      hash: hash("0123456789abcdef"[index % 16]!),
      json: `${index % 16}`,
    }))
    await Promise.all([blobs.write(many), blobs.write(many)])
    for (const { hash: name, json } of many) expect((await blobs.read([name])).get(name)).toBe(json)
    for (const inner of readdirSync(join(folder, "blobs")))
      expect(readdirSync(join(folder, "blobs", inner)).every((name) => name.length === 64)).toBe(true)
  })

  it("cannot be told to write outside of their folder", async () => {
    await expect(blobs.write([{ hash: "../../evil-name-here", json: "1" }])).rejects.toThrow(/no file's name/)
    await expect(blobs.read(["../../etc/passwd"])).rejects.toThrow(/no file's name/)
  })

  it("fail when they cannot be kept, so that no event names them", async () => {
    writeFileSync(join(folder, "blobs"), "a file where the folder should be")
    await expect(blobs.write([{ hash: hash("a"), json: "1" }])).rejects.toThrow()
  })

  it("are swept when nothing names them and they are old; writing one again makes it young", async () => {
    const names = ["a", "b", "c"].map(hash)
    await blobs.write(names.map((name) => ({ hash: name, json: "1" })))
    const old = new Date(Date.now() - 100_000)
    for (const name of names) utimesSync(join(folder, "blobs", name.slice(0, 2), name), old, old)
    await blobs.write([{ hash: names[1]!, json: "1" }])
    expect(await blobs.sweep((name) => name === names[0], Date.now() - 50_000)).toEqual([names[2]])
    expect([...(await blobs.read(names)).keys()].sort()).toEqual([names[0], names[1]])
  })

  it("are copied for a backup", async () => {
    await blobs.write([{ hash: hash("a"), json: "123" }])
    expect(await blobs.copyTo(join(folder, "copy"))).toBe(3)
    expect((await new FileBlobs(join(folder, "copy")).read([hash("a")])).get(hash("a"))).toBe("123")
    expect(await new FileBlobs(join(folder, "none")).copyTo(join(folder, "copy2"))).toBe(0)
    expect(existsSync(join(folder, "copy2"))).toBe(true)
  })
})
