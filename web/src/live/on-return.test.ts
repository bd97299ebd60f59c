import { expect, test } from "vitest"
import type { LiveState } from "./connection.ts"
import { onReturn } from "./on-return.ts"

function scene(state: LiveState) {
  const watchers = new Set<() => void>()
  const at = { state, returns: 0 }
  const connection = {
    status: () => ({ state: at.state, freshAt: 0 }),
    watch: (watcher: () => void) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
  }
  const stop = onReturn(connection, () => at.returns++)
  const become = (next: LiveState) => {
    at.state = next
    for (const watcher of watchers) watcher()
    return at.returns
  }
  return { become, stop }
}

test("a server that was away is back when the connection is open again, and that is told once", () => {
  const { become } = scene("reconnecting")
  expect(become("live")).toBe(1)
  become("reconnecting")
  expect(become("live")).toBe(1)
})

test("a connection that breaks later comes back too; one that opens for the first time was never away", () => {
  const { become } = scene("connecting")
  expect(become("live")).toBe(0)
  expect(become("reconnecting")).toBe(0)
  expect(become("live")).toBe(1)
})

test("who waits no longer is not told", () => {
  const { become, stop } = scene("stale")
  stop()
  expect(become("live")).toBe(0)
})
