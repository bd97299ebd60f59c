/** The live connection of this page, on the real clock, the real network and the tab's visibility. */
import type { QueryClient } from "@tanstack/react-query"
import { api } from "../data/api.ts"
import { apiKey } from "../data/api-key.ts"
import { needsKey } from "../data/problem-words.ts"
import { LiveConnection } from "./connection.ts"
import { Refresher } from "./refresher.ts"

const clock = {
  now: () => Date.now(),
  setTimer: (run: () => void, ms: number): unknown => setTimeout(run, ms),
  clearTimer: (timer: unknown) => clearTimeout(timer as number),
}

/** `position`: where the server was when it wrote the page; null when it did not say. */
export function openLive(queries: QueryClient, position: number | null): LiveConnection {
  const refresher = new Refresher(queries, clock)
  const connection = new LiveConnection(
    {
      ...clock,
      connect: (after, signal, onSign) => api().runs.follow({}, { after, signal, onSign }),
      position: async () => (await api().readiness()).position,
      poll: refresher.askAll,
      isFinal: needsKey,
    },
    position,
  )
  connection.subscribe(refresher.take)
  connection.watch(() => connection.status().state === "live" && refresher.askFailed())
  const follow = () => (document.hidden ? connection.pause() : connection.resume())
  document.addEventListener("visibilitychange", follow)
  globalThis.addEventListener("online", () => connection.retry())
  apiKey.subscribe(() => connection.retry())
  if (document.hidden) connection.pause()
  else connection.start()
  return connection
}
