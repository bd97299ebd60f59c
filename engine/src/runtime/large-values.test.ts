import { expect, test } from "vitest"
import { World } from "../testing/world/world.ts"

const gather = `
id: gather
version: "1"
name: Gathers large pages
states:
  - name: pages
    type: foreach
    itemsPath: [1, 2, 3, 4, 5, 6, 7, 8]
    iterator: { states: [{ name: fetch, type: operation, action: agent.run, input: { agent: page, variables: { n: "{{ item }}" } }, resultPath: page }] }
    resultPath: pages
    next: hear
  - { name: hear, type: listen, signal: go, next: bind }
  - { name: bind, type: operation, action: agent.run, input: { agent: binder, variables: { all: "{{ ctx.pages }}" } }, resultPath: book, next: more }
  - { name: more, type: operation, action: agent.run, input: { agent: binder, variables: { all: [] } }, resultPath: book.extra }
output: { as: { pages: "{{ ctx.book.pages }}", extra: "{{ ctx.book.extra.pages }}" } }
`

test("large values that have left memory are read again, all that a decision needs at once", async () => {
  let asked: unknown[] = []
  const world = await World.open({
    workflows: [gather],
    agents: {
      page: ({ input }) => ({ output: { text: "x".repeat(70_000 + (input as { n: number }).n) } }),
      binder: ({ input }) => {
        asked = [...asked, input]
        return { output: { pages: (input as { all: unknown[] }).all.length, text: "y".repeat(70_000) } }
      },
    },
    runtime: { blobCacheBytesMax: 0 },
  })
  const runId = await world.started("gather")
  expect(world.row(runId).status).toBe("WAITING_SIGNAL")
  world.runtime.evictIdle()
  const reads: number[] = []
  const blobs = world.store.blobs.bind(world.store)
  world.store.blobs = (hashes) => {
    reads.push(hashes.length)
    return blobs(hashes)
  }
  await world.runs.signal(
    { id: "user:olga", teams: [], role: "operator" },
    runId,
    { name: "go", id: null, data: {} },
    null,
  )
  await world.turn()
  expect(world.row(runId)).toMatchObject({ status: "COMPLETED", errorMessage: null })
  const pages = (asked[0] as { all: { page: { text: string } }[] }).all
  expect(pages.map(({ page }) => page.text.length)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => 70_000 + n))
  // The newest one is always at hand.
  expect(Math.max(...reads)).toBe(7)
  expect(reads.length).toBeLessThan(5)
  const completed = world.store.runs.get(runId)!.events.at(-1)!.event
  expect(JSON.parse(completed.payload).output).toEqual({ value: { pages: 8, extra: 0 } })
})
