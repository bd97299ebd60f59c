import type { LiveConnection } from "./connection.ts"

/**
 * Calls `back` once, as soon as a connection that had broken is open again. The first connection of a page is no return:
 * what it calls may load the page anew, and that must not go round. The answer is how to stop waiting.
 */
export function onReturn({ status, watch }: Pick<LiveConnection, "status" | "watch">, back: () => void): () => void {
  let wasAway = false
  const look = () => {
    const { state } = status()
    if (state === "reconnecting" || state === "stale") wasAway = true
    if (state !== "live" || !wasAway) return
    stop()
    back()
  }
  const stop = watch(look)
  look()
  return stop
}
