import type { QueryClient } from "@tanstack/react-query"
import { createRouter } from "@tanstack/react-router"
import { type SearchValues, searchText } from "../paths.ts"
import { routeTree } from "./routes.ts"

const PRELOAD_FRESH_MS = 10_000

export function openRouter(queries: QueryClient) {
  const router = createRouter({
    routeTree,
    context: { queries },
    // Texts stay texts: an id that looks like a number is none.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const text = searchText(search as SearchValues)
      return text === "" ? "" : `?${text}`
    },
    scrollRestoration: true,
    defaultPreloadStaleTime: PRELOAD_FRESH_MS,
    defaultPendingMs: 300,
  })
  // Whoever navigates by ear or by keys stands at the new page's name, not where the old link was.
  let isFirst = true
  router.subscribe("onRendered", ({ pathChanged }) => {
    if (pathChanged && !isFirst) document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true })
    isFirst = false
  })
  return router
}
