/** Which environments can be chosen, and where the page of another one is. */
import { DEFAULT_ENVIRONMENT } from "../page/navigation.ts"
import { paths } from "../paths.ts"

/** Those that have something, the usual one, and the one that the address names, whether it has something or not. */
export function environmentsShown(known: readonly string[] | undefined, here: string): readonly string[] {
  const others = new Set([...(known ?? []), here])
  others.delete(DEFAULT_ENVIRONMENT)
  return [DEFAULT_ENVIRONMENT, ...[...others].sort()]
}

export const isProduction = (env: string): boolean => /^(prod|production)\b/i.test(env)

/** A run or an approval is of one environment: in another one there is only the list. What was filtered is left behind. */
export function pageIn(pathname: string, env: string): string {
  const list = [paths.runs(), paths.approvals()].find((one) => pathname.startsWith(`${one}/`))
  return `${list ?? pathname}?env=${encodeURIComponent(env)}`
}
