/**
 * Moving between pages, by the addresses of `paths.ts`. The environment that is shown goes along with every step, unless
 * the address names one itself.
 */
import { useRouter, useRouterState } from "@tanstack/react-router"
import type { SearchValues } from "../paths.ts"
import type { Unread } from "./read-search.ts"

export const DEFAULT_ENVIRONMENT = "default"

export function useEnvironment(): string {
  return useRouterState({ select: ({ location }) => (location.search as { env?: string }).env }) ?? DEFAULT_ENVIRONMENT
}

export function usePathname(): string {
  return useRouterState({ select: ({ location }) => location.pathname })
}

/** What the address said and its page did not understand, as `sort=name`. */
export function useUnread(): readonly string[] {
  return useRouterState({ select: ({ matches }) => (matches.at(-1)?.search as Unread | undefined)?.unread }) ?? none
}
const none: readonly string[] = []

/** The address with the environment in it, as it stands in `href`. */
export function useHref(to: string): string {
  return withEnvironment(to, useEnvironment())
}

export interface Step {
  /** Takes the place of the address that is shown, so that "back" leads past it. */
  readonly replace?: boolean
}

/** `go(paths.run(id))`. */
export function useGo(): (to: string, step?: Step) => void {
  const router = useRouter()
  const environment = useEnvironment()
  return (to, { replace = false } = {}) =>
    void router.navigate({ href: withEnvironment(to, environment), replace } as never)
}

/** Code and data of the page behind an address, before somebody goes there. */
export function usePreload(): (to: string) => void {
  const router = useRouter()
  const environment = useEnvironment()
  return (to) => void router.preloadRoute({ href: withEnvironment(to, environment) } as never)
}

/**
 * Changes what stands behind the `?` of this page: `setSearch({ step: "load" })`; undefined takes a name away. Popovers,
 * tabs and selections live there, so that back and forward replay them; what is typed letter by letter replaces.
 */
export function useSetSearch<Search extends object>(): (patch: Partial<Search>, step?: Step) => void {
  const router = useRouter()
  return (patch, { replace = false } = {}) =>
    void router.navigate({
      to: ".",
      search: (before: SearchValues) => ({ ...before, ...patch }),
      replace,
      resetScroll: false,
    } as never)
}

export function withEnvironment(to: string, environment: string): string {
  if (environment === DEFAULT_ENVIRONMENT || /[?&]env=/.test(to)) return to
  const [path = "", hash] = to.split("#")
  const joined = `${path}${path.includes("?") ? "&" : "?"}env=${encodeURIComponent(environment)}`
  return hash === undefined ? joined : `${joined}#${hash}`
}
