/** The time that a question of numbers is about: whole hours where nothing else is asked. */
import { instantOf, invalidParameter } from "../shared/parameters.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs
export const defaultDays = 7

export interface AskedTime {
  readonly from: number
  readonly to: number
}

/** @param suffix of the parameters' names: `from`, `fromA` … @param days without `from` */
export function askedTime(
  query: { readonly from?: string; readonly to?: string },
  suffix = "",
  now = Date.now(),
  days = defaultDays,
): AskedTime {
  const to = instantOf(`to${suffix}`, query.to) ?? (Math.floor(now / hourMs) + 1) * hourMs
  const from = instantOf(`from${suffix}`, query.from) ?? Math.floor((to - days * dayMs) / hourMs) * hourMs
  if (from >= to) throw invalidParameter(`from${suffix}`, `it is not before \`to${suffix}\``)
  return { from, to }
}
