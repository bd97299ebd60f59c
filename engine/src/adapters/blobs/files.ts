/** Blobs as files named by their hashes (rule 20): a name never stands for half a value, and a content never changes. */
import type { BlobStore } from "../../ports/blob-store.ts"
import type { BlobWrite } from "../../ports/store.ts"
import { DurableFiles } from "./durable-files.ts"

export class FileBlobs implements BlobStore {
  readonly #files: DurableFiles

  constructor(folder: string) {
    this.#files = new DurableFiles(folder)
  }

  write(blobs: readonly BlobWrite[]): Promise<void> {
    return this.#files.writeAll(blobs.map(({ hash, json }) => ({ name: hash, content: json })))
  }

  read(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#files.texts(hashes)
  }

  sweep(inUse: (hash: string) => boolean, olderThan: number): Promise<readonly string[]> {
    return this.#files.sweep(inUse, olderThan)
  }

  copyTo(folder: string): Promise<number> {
    return this.#files.copyTo(folder)
  }
}
