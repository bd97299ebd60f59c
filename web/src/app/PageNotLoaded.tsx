import { useEffect, useState } from "react"
import { api } from "../data/api.ts"
import { onReturn } from "../live/on-return.ts"
import { useLiveConnection, useLiveStatus } from "../live/use-live.ts"
import { CalmNote } from "../page/CalmNote.tsx"
import { PageHead } from "../page/PageHead.tsx"
import { useServerAway } from "../page/use-server-away.ts"

/**
 * The code of a page could not be fetched: the server is away, or it has newer pages than this tab. A browser remembers
 * that an address failed, so only loading the address anew helps, and only when there is somebody to load it from:
 * otherwise the browser's own error would take the place of everything.
 */
export function PageNotLoaded() {
  const connection = useLiveConnection()
  const isLive = useLiveStatus().state === "live"
  // Above the page, by the shell.
  const isSaid = useServerAway() !== null
  const [asking, setAsking] = useState(false)
  // a subscription to what lives outside React: the server is back, and the page comes by itself.
  useEffect(() => onReturn(connection, loadAnew), [connection])

  async function retry() {
    if (asking) return
    setAsking(true)
    connection.retry()
    if (await isAnswering()) loadAnew()
    setAsking(false)
  }
  return (
    <>
      <PageHead title="This page is not loaded yet" />
      <CalmNote className="mt-3" action={{ label: isLive ? "Load it anew" : "Try now", run: () => void retry() }}>
        {isLive
          ? "A part of it could not be fetched: the server may have newer pages than this tab."
          : `${isSaid ? "" : "The server does not answer. "}This page comes by itself as soon as the server answers.`}
      </CalmNote>
    </>
  )
}

const loadAnew = () => globalThis.location.reload()

const isAnswering = () =>
  api()
    .readiness()
    .then(() => true)
    .catch(() => false)
