/**
 * Blobs as files, `<folder>/<first two digits>/<hash>`: written under another name, synced, renamed, and the folder
 * synced too, so that a name never stands for half a value (rule 20). Content is never rewritten.
 */
import { randomUUID } from "node:crypto"
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises"
import { join } from "node:path"
import type { BlobStore } from "../../ports/blob-store.ts"
import type { BlobWrite } from "../../ports/store.ts"

const hashText = /^[0-9a-z]{16,128}$/

/** Files in work at the same time: a commit may bring many. */
const parallel = 16

export class FileBlobs implements BlobStore {
  readonly #folder: string
  /** Hashes being written: a sweep leaves them alone. */
  readonly #writing = new Map<string, number>()

  constructor(folder: string) {
    this.#folder = folder
  }

  async write(blobs: readonly BlobWrite[]): Promise<void> {
    const folders = new Set<string>()
    for (const { hash } of blobs) this.#writing.set(hash, (this.#writing.get(hash) ?? 0) + 1)
    try {
      await inParallel(blobs, async (blob) => {
        if (await this.#writeOne(blob)) folders.add(this.#folderOf(blob.hash))
      })
      for (const folder of folders) await syncFolder(folder)
      if (folders.size > 0) await syncFolder(this.#folder)
    } finally {
      for (const { hash } of blobs) this.#release(hash)
    }
  }

  async read(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    await inParallel([...new Set(hashes)], async (hash) => {
      const text = await unlessMissing(readFile(this.#pathOf(hash), "utf8"))
      if (text !== null) found.set(hash, text)
    })
    return found
  }

  async sweep(inUse: (hash: string) => boolean, olderThan: number): Promise<readonly string[]> {
    const removed: string[] = []
    for await (const hash of this.#hashes()) {
      if (inUse(hash)) continue
      const path = this.#pathOf(hash)
      const found = await unlessMissing(stat(path))
      if (found === null || found.mtimeMs >= olderThan || this.#writing.has(hash)) continue
      await rm(path, { force: true })
      removed.push(hash)
    }
    return removed
  }

  async copyTo(folder: string): Promise<number> {
    let bytes = 0
    await mkdir(folder, { recursive: true })
    for await (const hash of this.#hashes()) {
      const target = join(folder, hash.slice(0, 2))
      await mkdir(target, { recursive: true })
      const copied = await unlessMissing(copyFile(this.#pathOf(hash), join(target, hash)).then(() => true))
      if (copied === null) continue
      bytes += (await syncFile(join(target, hash))).size
      await syncFolder(target)
    }
    await syncFolder(folder)
    return bytes
  }

  /** True when the folder has a new name in it. */
  async #writeOne(blob: BlobWrite): Promise<boolean> {
    const folder = this.#folderOf(blob.hash)
    const path = this.#pathOf(blob.hash)
    const now = new Date()
    const there = await unlessMissing(utimes(path, now, now).then(() => true))
    if (there === true) return false
    await mkdir(folder, { recursive: true })
    const draft = join(folder, `.${blob.hash}.${randomUUID()}`)
    try {
      const file = await open(draft, "wx", 0o600)
      try {
        await file.writeFile(blob.json, "utf8")
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(draft, path)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
    return true
  }

  async *#hashes(): AsyncGenerator<string> {
    for (const folder of (await unlessMissing(readdir(this.#folder))) ?? []) {
      if (folder.length !== 2) continue
      for (const name of await readdir(join(this.#folder, folder))) if (hashText.test(name)) yield name
    }
  }

  #release(hash: string): void {
    const count = (this.#writing.get(hash) ?? 1) - 1
    if (count === 0) this.#writing.delete(hash)
    else this.#writing.set(hash, count)
  }

  #folderOf(hash: string): string {
    return join(this.#folder, hash.slice(0, 2))
  }

  #pathOf(hash: string): string {
    if (!hashText.test(hash)) throw new Error(`${JSON.stringify(hash)} is no blob's hash`)
    return join(this.#folderOf(hash), hash)
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
