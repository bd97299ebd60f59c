/**
 * What was attached to runs that left for the archive, opened: fetched whole, held against its sum and only then handed on,
 * once for all who ask. One at a time is in memory; what was fetched stays in the room within its bound.
 */
import type { ArchivedContent, ArchiveRoom, ArchiveShelf } from "../../ports/archive-shelf.ts"
import { ArchiveDamaged, type ArchiveStore, ArchiveUnavailable } from "../../ports/archive-store.ts"
import type { Clock } from "../../ports/clock.ts"
import { inTime } from "./in-time.ts"

export interface ArchivedContentsPorts {
  readonly shelf: Pick<ArchiveShelf, "attachedTo" | "isWhole">
  readonly room: Pick<ArchiveRoom, "contents">
  readonly store: ArchiveStore | null
  readonly clock: Clock
}

/** Contents that are fetched or wait for it. */
const openingMax = 16
/** What was fetched may leave the room before it is opened, for another one or with somebody's equal one. */
const triesMax = 3

export class ArchivedContents {
  readonly #ports: ArchivedContentsPorts
  readonly #opening = new Map<string, Promise<void>>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(ports: ArchivedContentsPorts) {
    this.#ports = ports
  }

  /**
   * From its first byte on; null: it does not lie in the archive.
   * @throws ArchiveUnavailable, ArchiveDamaged
   */
  async open(of: { readonly runId: string; readonly sha256: string }): Promise<AsyncIterable<Uint8Array> | null> {
    const { shelf, room, clock } = this.#ports
    for (let tries = 0; ; tries++) {
      const content = await shelf.attachedTo(of.runId, of.sha256)
      if (content === null) return null
      const there = await room.contents.open(content.sha256)
      if (there !== null) return there
      if (tries === triesMax) throw new ArchiveUnavailable("what was fetched is gone already; try again in a moment")
      await inTime(clock, this.#fetched(of.runId, content))
    }
  }

  #fetched(runId: string, content: ArchivedContent): Promise<void> {
    // By its place: equal contents of two workspaces are fetched for each.
    const under = this.#opening.get(content.name)
    if (under !== undefined) return under
    if (this.#opening.size >= openingMax)
      throw new ArchiveUnavailable("many archived attachments are being opened; try again in a moment")
    const turn = this.#turn.then(() => this.#fetch(runId, content))
    const opening = turn.finally(() => this.#opening.delete(content.name))
    this.#turn = turn.catch(() => {})
    this.#opening.set(content.name, opening)
    return opening
  }

  async #fetch(runId: string, content: ArchivedContent): Promise<void> {
    const { shelf, store, room } = this.#ports
    if (store === null) throw new ArchiveUnavailable("the attachment is archived, and no archive is configured now")
    const bytes = await store.read(content.name, content.bytes)
    if (bytes === null) throw new ArchiveUnavailable(`${store.place} does not hold ${content.name}`)
    if (!(await shelf.isWhole(content, bytes))) throw new ArchiveDamaged(`${content.name} is not what was attached`)
    await room.contents.fill(content.sha256, bytes)
    // Who erased the run looked into the room before it was there.
    if ((await shelf.attachedTo(runId, content.sha256)) === null) await room.contents.drop(content.sha256)
  }
}
