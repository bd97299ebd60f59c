/** Which environments can be chosen, and where the page of another one is. */
import { DEFAULT_ENVIRONMENT } from "../page/navigation.ts"
import { paths } from "../paths.ts"

/** With so many the server names no more, and one that is not among them may be there all the same. */
const NAMED_MAX = 200

/**
 * The usual one and those that have something. The one that the address names is among them as long as nobody knows that
 * it has nothing.
 */
export function environmentsShown(known: readonly string[] | undefined, here: string): readonly string[] {
  const others = new Set([...(known ?? []), ...(isUnknown(known, here) ? [] : [here])])
  others.delete(DEFAULT_ENVIRONMENT)
  return [DEFAULT_ENVIRONMENT, ...[...others].sort()]
}

/** The address names an environment in which there is neither a workflow nor an agent: most likely it is misspelt. */
export function isUnknown(known: readonly string[] | undefined, here: string): boolean {
  if (known === undefined || known.length >= NAMED_MAX) return false
  return here !== DEFAULT_ENVIRONMENT && !known.includes(here)
}

export const isProduction = (env: string): boolean => /^(prod|production)\b/i.test(env)

/** A run or an approval is of one environment: in another one there is only the list. What was filtered is left behind. */
export function pageIn(pathname: string, env: string): string {
  const list = [paths.runs(), paths.approvals()].find((one) => pathname.startsWith(`${one}/`))
  return `${list ?? pathname}?env=${encodeURIComponent(env)}`
}
