/**
 * What the pages know of the server, and how long they believe it. Freshness is the live connection's work
 * (`live/refresher.ts`): a query names in `meta.live` what it depends on and is asked again when that moves.
 */
import { QueryCache, QueryClient } from "@tanstack/react-query"
import { ProblemError } from "@waybill/sdk"
import { needsKey } from "./problem-words.ts"

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: {
      /** Topics: `runs`, `run:<id>`, `workflows`, `workflow:<id>`, `approvals` (see `live/topics.ts`). */
      readonly live?: readonly string[]
      /** At least so long between two refetches; default one second. */
      readonly liveEveryMs?: number
    }
  }
}

const TRIES_MAX = 2
const STALE_MS = 30_000
const ERROR_HOLDS_MS = 3_000

/** `onNoKey`: the server wants a key. */
export function createQueryClient(onNoKey: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error) => (needsKey(error) ? onNoKey() : undefined) }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        // Only what a second try can change: a refusal stays one.
        retry: (tries, error) => tries < TRIES_MAX && !(error instanceof ProblemError && error.problem.status < 500),
        retryDelay: (tries) => 300 * 2 ** tries,
        // What has just failed is not asked again by each part of the page that shows it.
        retryOnMount: ({ state }) => Date.now() - state.errorUpdatedAt > ERROR_HOLDS_MS,
        // The live connection catches up when a tab comes back; twice would be once too often.
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // The server is usually this machine: there may be no network at all.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  })
}
