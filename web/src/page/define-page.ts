/**
 * What a page is: a loader and a view, in a folder of its own (web/README.md). A page knows neither the router nor the
 * other pages; `app/routes.ts` gives it an address in one line, and hands it what the address says.
 */
import type { QueryClient } from "@tanstack/react-query"
import type { ComponentType } from "react"

/** An address's search as it came: texts, or nothing. */
export type RawSearch = { readonly [name: string]: string | undefined }

export interface Asked<Params, Search> {
  readonly params: Params
  readonly search: Search
  /** The environment that the header shows. */
  readonly env: string
}

export interface Page<Params, Search> {
  /** Starts what the view will ask for, so that code and data come at the same time. It waits for nothing. */
  readonly load?: (asked: Asked<Params, Search> & { readonly queries: QueryClient }) => void
  readonly View: ComponentType<Asked<Params, Search>>
}

/** Only types: `definePage<{ runId: string }, RunSearch>({ load, View })`. */
export function definePage<Params, Search = NoSearch>(page: Page<Params, Search>): Page<Params, Search> {
  return page
}

/** A page that nothing can be said to behind the `?`. */
export type NoSearch = object
export type NoParams = Record<string, never>
