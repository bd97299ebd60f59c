/** How a page becomes a route: the only place where pages and the router meet. */
import type { QueryClient } from "@tanstack/react-query"
import { createRootRouteWithContext, createRoute, lazyRouteComponent } from "@tanstack/react-router"
import type { Page, RawSearch } from "../page/define-page.ts"
import { DEFAULT_ENVIRONMENT } from "../page/navigation.ts"
import { noSearch } from "../page/read-search.ts"
import { NotFound } from "./NotFound.tsx"
import { NotYet } from "./NotYet.tsx"
import { PageBroke } from "./PageBroke.tsx"
import type { Place } from "./places.ts"
import { Shell } from "./Shell.tsx"

export interface RouterContext {
  readonly queries: QueryClient
}

export const root = createRootRouteWithContext<RouterContext>()({
  validateSearch: (raw: Record<string, unknown>): { env?: string } => ({
    env: (raw.env as string | undefined) || undefined,
  }),
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: PageBroke,
})

type Names<Path extends string> = Path extends `${string}$${infer Name}/${infer Rest}`
  ? Name | Names<Rest>
  : Path extends `${string}$${infer Name}`
    ? Name
    : never
type Params<Path extends string> = { readonly [name in Names<Path>]: string }

/** `import` gives a module that exports `page`. */
export function page<Path extends string, Search extends object>(
  path: Path,
  search: (raw: RawSearch) => Search,
  load: () => Promise<{ readonly page: Page<Params<Path>, Search> }>,
) {
  const route = createRoute({
    getParentRoute: () => root,
    path: path as string,
    validateSearch: (raw: Record<string, unknown>) => search(raw as RawSearch) as object,
    loaderDeps: ({ search: asked }) => asked,
    loader: async ({ params, deps, context, location }) => {
      const { page: loaded } = await load()
      const env = (location.search as { env?: string }).env ?? DEFAULT_ENVIRONMENT
      loaded.load?.({ params: params as Params<Path>, search: deps as Search, env, queries: context.queries })
    },
    component: lazyRouteComponent(async () => {
      const { View } = (await load()).page
      const RoutedPage = () => {
        const asked = route.useSearch() as Search & { readonly env?: string }
        const params = route.useParams() as Params<Path>
        return <View params={params} search={asked} env={asked.env ?? DEFAULT_ENVIRONMENT} />
      }
      return { default: RoutedPage }
    }),
    errorComponent: PageBroke,
  })
  return route
}

/** An address that is kept for a page to come. */
export function notYet(path: string, place: Place) {
  return createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: (raw: Record<string, unknown>) => noSearch(raw as RawSearch) as object,
    component: () => <NotYet place={place} />,
  })
}
