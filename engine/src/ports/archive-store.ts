/**
 * Where archived runs lie: files by name in a folder or a bucket. A name is written once with one content; nothing in here
 * knows what a file holds. Every call ends by itself, in bounded time and with bounded bytes.
 */
export interface ArchiveStore {
  /** For people: the folder or the bucket, without anything secret. */
  readonly place: string
  /** Whole and durable when it is fulfilled, or not there. Writing a name again replaces it. */
  write(name: string, bytes: Uint8Array): Promise<void>
  /** Null: there is none. More than `bytesMax` is no file of ours: `ArchiveDamaged`. */
  read(name: string, bytesMax: number): Promise<Uint8Array | null>
  /** What is not there is gone already. */
  remove(name: string): Promise<void>
}

/** `a`, `a/b`, `a/b.c`: no part begins with a dot, so that no name leads out of the place. */
export const archiveName = /^[0-9A-Za-z_%=~-][0-9A-Za-z_%=~.-]*(\/[0-9A-Za-z_%=~-][0-9A-Za-z_%=~.-]*)*$/

/** The archive does not answer, or not as one. Asking again later may help. */
export class ArchiveUnavailable extends Error {
  constructor(message: string) {
    super(message)
    this.name = "ArchiveUnavailable"
  }
}

/** It answers, and has nothing of one batch: others may be there. */
export class BatchAway extends ArchiveUnavailable {}

/** What lies there is not what was written. */
export class ArchiveDamaged extends Error {
  constructor(message: string) {
    super(message)
    this.name = "ArchiveDamaged"
  }
}
