/**
 * The port `ContentRoom`: contents that were taken out of the archive, as files within a bound of bytes. What was not asked
 * for longest goes first; who reads it has it open and reads on. A room is emptied at each start, so nothing is synced.
 */
import { mkdir, open, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { ContentRoom } from "../../../ports/archive-shelf.ts"

/** Of a content that is read in pieces. */
const pieceBytes = 64 << 10

export class FileRoom implements ContentRoom {
  readonly #folder: string
  readonly #bytesMax: number
  /** Bytes by sum, in the order in which they were asked for: whole files only. */
  readonly #held = new Map<string, { readonly bytes: number }>()

  /** @param folder made with the first file */
  constructor(folder: string, bytesMax: number) {
    this.#folder = folder
    this.#bytesMax = bytesMax
  }

  async open(sha256: string): Promise<AsyncIterable<Uint8Array> | null> {
    const held = this.#held.get(sha256)
    if (held === undefined) return null
    this.#held.delete(sha256)
    this.#held.set(sha256, held)
    const file = await open(this.#pathOf(sha256), "r").catch(unlessMissing)
    if (file !== null) return file.createReadStream({ highWaterMark: pieceBytes })
    // Somebody cleared the folder: it is to be fetched anew.
    if (this.#held.get(sha256) === held) this.#held.delete(sha256)
    return null
  }

  async fill(sha256: string, bytes: Uint8Array): Promise<void> {
    // Somebody may be reading it.
    if (this.#held.has(sha256)) return
    await this.#makeRoom(bytes.length)
    await mkdir(this.#folder, { recursive: true })
    await writeFile(this.#pathOf(sha256), bytes, { mode: 0o600 })
    this.#held.set(sha256, { bytes: bytes.length })
  }

  async drop(sha256: string): Promise<void> {
    if (this.#held.delete(sha256)) await rm(this.#pathOf(sha256), { force: true })
  }

  /** What is looked at stays, however large. */
  async #makeRoom(bytes: number): Promise<void> {
    let sum = bytes
    for (const held of this.#held.values()) sum += held.bytes
    for (const [sha256, held] of this.#held) {
      if (sum <= this.#bytesMax) return
      sum -= held.bytes
      await this.drop(sha256)
    }
  }

  #pathOf(sha256: string): string {
    return join(this.#folder, sha256)
  }
}

function unlessMissing(error: unknown): null {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null
  throw error
}
