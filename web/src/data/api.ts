/**
 * The one client of the pages: the SDK on the address they came from. Pages ask through `queries.ts` where two of them
 * ask the same, and through `api` for what changes something.
 */
import { type Client, createClient } from "@waybill/sdk"
import { apiKey } from "./api-key.ts"
import { workspace } from "./workspace.ts"

export type Api = Client

function open(): Api {
  const key = apiKey.get()
  const slug = workspace.get()
  return createClient({
    url: globalThis.location.origin,
    ...(key !== null && { apiKey: key }),
    ...(slug !== null && { workspace: slug }),
  })
}

let client: Api | null = null
apiKey.subscribe(() => {
  client = null
})

/** Asked anew at each call, because a key may have been entered meanwhile. */
export const api = (): Api => {
  client ??= open()
  return client
}
