import { Navigate } from "@tanstack/react-router"
import { DEFAULT_ENVIRONMENT, useEnvironment } from "./navigation.ts"

/**
 * The address follows what the page is about: a run of `prod` that was found by its bare id must not stand under the name
 * of another environment. Nothing is shown.
 */
export function InEnvironment({ env }: { readonly env: string }) {
  const here = useEnvironment()
  if (here === env) return null
  const search = (before: object) => ({ ...before, env: env === DEFAULT_ENVIRONMENT ? undefined : env })
  // The router is typed by its routes, which a page does not know.
  return <Navigate {...({ search, replace: true } as object)} to="." />
}
