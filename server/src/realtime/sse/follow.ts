/**
 * One reader through one stream, without gap and without double (rule 27): the ring is attached before this begins,
 * the store is read from the reader's id until nothing more is there, then the ring serves; whoever falls behind the
 * ring goes back to reading the store.
 */
import type { Frame } from "./frame.ts"
import type { Reader } from "./reader.ts"

export interface Source {
  /** Those after `cursor`, oldest first; `more`: the store has further ones. */
  read(cursor: number): Promise<{ readonly frames: readonly Frame[]; readonly more: boolean }>
  /** Null: the ring has lost some of what comes after `cursor`, or cannot know. */
  live(cursor: number): Promise<readonly Frame[] | null> | readonly Frame[] | null
}

async function nothing(): Promise<readonly Buffer[]> {
  return []
}

/** `aside`: what is sent beside the events, without a place among them.
 * `begin`: `store` when the ring may be younger than the reader's id. */
export async function follow(
  reader: Reader,
  source: Source,
  after: number,
  begin: "store" | "ring",
  now: () => number,
  aside: () => Promise<readonly Buffer[]> = nothing,
): Promise<void> {
  let cursor = after
  let fromStore = begin === "store"
  while (reader.isOpen) {
    const live = fromStore ? null : await source.live(cursor)
    // Asked behind the events and sent in front of them: what was said before an event is told before it.
    const said = await aside()
    if (said.length > 0) await reader.write(Buffer.concat(said), now)
    if (live === null) {
      const page = await source.read(cursor)
      cursor = await send(reader, page.frames, cursor, now)
      fromStore = page.more
    } else if (live.length > 0) {
      cursor = await send(reader, live, cursor, now)
    } else if (said.length === 0) {
      await reader.wait()
    }
  }
}

/** At most this much is handed to the socket before asking whether it has room. */
const CHUNK_BYTES = 64 * 1024

async function send(reader: Reader, frames: readonly Frame[], cursor: number, now: () => number): Promise<number> {
  let sent = cursor
  let chunk: Buffer[] = []
  let size = 0
  for (const frame of frames) {
    sent = frame.id
    if (frame.bytes !== null) {
      chunk.push(frame.bytes)
      size += frame.bytes.length
    }
    if (size >= CHUNK_BYTES || frame.isLast) {
      await reader.write(chunk.length === 1 ? chunk[0]! : Buffer.concat(chunk), now)
      chunk = []
      size = 0
      if (!reader.isOpen) return sent
    }
    if (frame.isLast) {
      reader.close()
      return sent
    }
  }
  if (size > 0) await reader.write(chunk.length === 1 ? chunk[0]! : Buffer.concat(chunk), now)
  return sent
}
