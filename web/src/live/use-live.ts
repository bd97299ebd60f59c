/**
 * The hooks on the live connection. Most pages need neither: a query with `meta.live` is kept fresh by itself.
 * `useLiveStatus` says how fresh the page is; `useLive` hands over the messages, for what appends instead of asking again.
 */
import type { FeedMessage } from "@waybill/contract"
import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore } from "react"
import type { LiveConnection, LiveStatus } from "./connection.ts"

export const LiveContext = createContext<LiveConnection | null>(null)

export function useLiveConnection(): LiveConnection {
  const connection = useContext(LiveContext)
  if (connection === null) throw new Error("there is no live connection above this component")
  return connection
}

export function useLiveStatus(): LiveStatus {
  const connection = useLiveConnection()
  return useSyncExternalStore(connection.watch, connection.status)
}

/**
 * `onMoved` gets the messages of one run, or of all runs, as they come in batches; `null` when more may have moved than
 * messages say, so that everything must be asked for again.
 */
export function useLive(runId: string | null, onMoved: (messages: readonly FeedMessage[] | null) => void): void {
  const connection = useLiveConnection()
  const moved = useEffectEvent(onMoved)
  // a subscription to what lives outside React, ended with the component.
  useEffect(
    () =>
      connection.subscribe(({ messages, everything }) => {
        if (everything) return moved(null)
        const ours = runId === null ? messages : messages.filter((message) => message.runId === runId)
        if (ours.length > 0) moved(ours)
      }),
    [connection, runId],
  )
}
