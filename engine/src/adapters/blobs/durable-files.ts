/**
 * Files that are there or not, never in between: `<folder>/<first two digits>/<name>`, written under another name,
 * synced, renamed, and the folder synced too, so that a name never stands for half a content. Contents are never
 * rewritten. It knows nothing of what the files mean.
 */
import { randomUUID } from "node:crypto"
import { copyFile, mkdir, open, readdir, readFile, rm, stat, utimes } from "node:fs/promises"
import { join } from "node:path"
import type { ContentFolder } from "../../ports/attachments.ts"
import { writeWhole } from "../write-whole.ts"

export interface NamedContent {
  readonly name: string
  readonly content: string | Uint8Array
}

const nameText = /^[0-9a-z]{16,128}$/

/** Files in work at the same time: a commit may bring many. */
const parallel = 16

/** Of a content that is read in pieces. */
const pieceBytes = 64 << 10

export class DurableFiles implements ContentFolder {
  readonly #folder: string
  /** Names being written: a sweep leaves them alone. */
  readonly #writing = new Map<string, number>()

  constructor(folder: string) {
    this.#folder = folder
  }

  write(name: string, content: string | Uint8Array): Promise<void> {
    return this.writeAll([{ name, content }])
  }

  /** Writing what is there already is no error, and makes it young again for `sweep`. */
  async writeAll(files: readonly NamedContent[]): Promise<void> {
    const folders = new Set<string>()
    for (const { name } of files) this.#writing.set(name, (this.#writing.get(name) ?? 0) + 1)
    try {
      await inParallel(files, async (file) => {
        if (await this.#writeOne(file)) folders.add(this.#folderOf(file.name))
      })
      for (const folder of folders) await syncFolder(folder)
      if (folders.size > 0) await syncFolder(this.#folder)
    } finally {
      for (const { name } of files) this.#release(name)
    }
  }

  /** UTF-8 texts by name; what is not there is absent. */
  async texts(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    await inParallel([...new Set(names)], async (name) => {
      const text = await unlessMissing(readFile(this.#pathOf(name), "utf8"))
      if (text !== null) found.set(name, text)
    })
    return found
  }

  async open(name: string): Promise<AsyncIterable<Uint8Array> | null> {
    const file = await unlessMissing(open(this.#pathOf(name), "r"))
    return file === null ? null : file.createReadStream({ highWaterMark: pieceBytes })
  }

  async has(name: string): Promise<boolean> {
    return (await unlessMissing(stat(this.#pathOf(name)))) !== null
  }

  async remove(names: readonly string[]): Promise<void> {
    await inParallel(names, (name) => rm(this.#pathOf(name), { force: true }))
  }

  /** Removes what `inUse` does not know and nobody wrote since `olderThan` (ms since the epoch); the names removed. */
  async sweep(inUse: (name: string) => boolean, olderThan: number): Promise<readonly string[]> {
    const removed: string[] = []
    for await (const name of this.#names()) {
      if (inUse(name)) continue
      const path = this.#pathOf(name)
      const found = await unlessMissing(stat(path))
      if (found === null || found.mtimeMs >= olderThan || this.#writing.has(name)) continue
      await rm(path, { force: true })
      removed.push(name)
    }
    return removed
  }

  /** Copies all that is there now into another folder; bytes copied. */
  async copyTo(folder: string): Promise<number> {
    let bytes = 0
    await mkdir(folder, { recursive: true })
    for await (const name of this.#names()) {
      const target = join(folder, name.slice(0, 2))
      await mkdir(target, { recursive: true })
      const copied = await unlessMissing(copyFile(this.#pathOf(name), join(target, name)).then(() => true))
      if (copied === null) continue
      bytes += (await syncFile(join(target, name))).size
      await syncFolder(target)
    }
    await syncFolder(folder)
    return bytes
  }

  /** True when the folder has a new name in it. */
  async #writeOne({ name, content }: NamedContent): Promise<boolean> {
    const folder = this.#folderOf(name)
    const path = this.#pathOf(name)
    const now = new Date()
    const there = await unlessMissing(utimes(path, now, now).then(() => true))
    if (there === true) return false
    await mkdir(folder, { recursive: true })
    await writeWhole(path, join(folder, `.${name}.${randomUUID()}`), content)
    return true
  }

  async *#names(): AsyncGenerator<string> {
    for (const folder of (await unlessMissing(readdir(this.#folder))) ?? []) {
      if (folder.length !== 2) continue
      for (const name of await readdir(join(this.#folder, folder))) if (nameText.test(name)) yield name
    }
  }

  #release(name: string): void {
    const count = (this.#writing.get(name) ?? 1) - 1
    if (count === 0) this.#writing.delete(name)
    else this.#writing.set(name, count)
  }

  #folderOf(name: string): string {
    return join(this.#folder, name.slice(0, 2))
  }

  #pathOf(name: string): string {
    if (!nameText.test(name)) throw new Error(`${JSON.stringify(name)} is no file's name`)
    return join(this.#folderOf(name), name)
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += parallel) {
    const settled = await Promise.allSettled(items.slice(from, from + parallel).map(work))
    for (const one of settled) if (one.status === "rejected") throw one.reason
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null
    throw error
  }
}

async function syncFile(path: string): Promise<{ size: number }> {
  const file = await open(path, "r")
  try {
    await file.sync()
    return await file.stat()
  } finally {
    await file.close()
  }
}

/** A new name is durable once its folder is. */
async function syncFolder(path: string): Promise<void> {
  await syncFile(path)
}
