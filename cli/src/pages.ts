/** Lists that are needed whole are read page by page. */
interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

export async function everyPage<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = []
  for await (const items of pages(read)) all.push(...items)
  return all
}

/** One page after the other, so that not all of a long history is in memory. */
export async function* pages<T>(read: (cursor: string | undefined) => Promise<Page<T>>): AsyncGenerator<readonly T[]> {
  for (let cursor: string | undefined; ; ) {
    const page = await read(cursor)
    yield page.items
    if (page.nextCursor === null) return
    cursor = page.nextCursor
  }
}
