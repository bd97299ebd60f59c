/**
 * An archive in a folder: another disk, or a mount. A file is written under another name, synced and renamed, so that a
 * name never stands for half a file. It never looks into a file.
 */
import { randomUUID } from "node:crypto"
import { type FileHandle, mkdir, open, readdir, rm, rmdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import { ArchiveDamaged, type ArchiveStore, ArchiveUnavailable, archiveName } from "../../ports/archive-store.ts"
import { writeWhole } from "../write-whole.ts"

const durableMax = 1_000
const pieceBytes = 1 << 20
/** A mount that is slower is one that hangs. */
const slowestBytesPerMs = 1_000
const onItsWay = /^\.[0-9a-f-]{36}$/

export class FolderArchive implements ArchiveStore {
  readonly place: string
  readonly #folder: string
  readonly #deadlineMs: number
  /** Folders whose names are on the disk, by this process. */
  readonly #durable = new Set<string>()

  /** @param folder absolute; made when the first file comes */
  constructor(folder: string, deadlineMs = 30_000) {
    this.#folder = folder
    this.#deadlineMs = deadlineMs
    this.place = pathToFileURL(folder).href
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return this.#within(name, bytes.length, async (path) => {
      await mkdir(dirname(path), { recursive: true })
      await writeWhole(path, join(dirname(path), `.${randomUUID()}`), bytes)
      await this.#syncUp(dirname(path))
      if (this.#durable.size > durableMax) this.#durable.clear()
    })
  }

  read(name: string, bytesMax: number): Promise<Uint8Array | null> {
    return this.#within(name, bytesMax, async (path) => {
      const file = await open(path, "r").catch(unlessMissing)
      if (file === null) return null
      try {
        const { size } = await file.stat()
        if (size > bytesMax) throw new ArchiveDamaged(`${name} has ${size} bytes, more than it was written with`)
        return await wholeOf(file, size)
      } finally {
        await file.close()
      }
    })
  }

  remove(name: string): Promise<void> {
    return this.#within(name, 0, async (path) => {
      await rm(path, { force: true })
      await this.#removeHalves(dirname(path))
      await this.#removeEmpty(dirname(path))
    })
  }

  /** What a crash left of a file on its way: files beside it go, so nobody writes there now. */
  async #removeHalves(folder: string): Promise<void> {
    const names = await readdir(folder).catch(() => [])
    for (const name of names) if (onItsWay.test(name)) await rm(join(folder, name), { force: true })
  }

  /** Folders that held nothing else, as a bucket has none either. */
  async #removeEmpty(path: string): Promise<void> {
    for (let at = path; at !== this.#folder && at.startsWith(this.#folder); at = dirname(at)) {
      const isRemoved = await rmdir(at).then(
        () => true,
        () => false,
      )
      if (!isRemoved) return
      this.#durable.delete(at)
    }
  }

  /** A new name is durable once its folder is, and that folder's own name, which one sync is enough for. */
  async #syncUp(path: string): Promise<void> {
    for (let at = path; at.startsWith(this.#folder); at = dirname(at)) {
      const folder = await open(at, "r")
      try {
        await folder.sync()
      } finally {
        await folder.close()
      }
      if (this.#durable.has(at)) return
    }
    for (let at = path; at.startsWith(this.#folder); at = dirname(at)) this.#durable.add(at)
  }

  /** A mount that hangs hangs for ever: its caller does not. */
  async #within<T>(name: string, bytes: number, work: (path: string) => Promise<T>): Promise<T> {
    if (!archiveName.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a file in an archive`)
    const withinMs = this.#deadlineMs + Math.floor(bytes / slowestBytesPerMs)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      const message = `${this.place} did not answer within ${withinMs} ms`
      timer = setTimeout(() => reject(new ArchiveUnavailable(message)), withinMs)
    })
    try {
      return await Promise.race([work(join(this.#folder, name)), late])
    } catch (error) {
      if (error instanceof ArchiveUnavailable || error instanceof ArchiveDamaged) throw error
      throw new ArchiveUnavailable(`${this.place}: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Into one buffer: of tens of megabytes a copy would be noticed on the engine's thread. */
async function wholeOf(file: FileHandle, size: number): Promise<Uint8Array> {
  const whole = Buffer.allocUnsafeSlow(size)
  let length = 0
  while (length < size) {
    const { bytesRead } = await file.read(whole, length, Math.min(pieceBytes, size - length), length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return whole.subarray(0, length)
}

function unlessMissing(error: unknown): null {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null
  throw error
}
