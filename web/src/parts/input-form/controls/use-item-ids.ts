import { useState } from "react"
import { moved } from "../value/at.ts"

let next = 0
const fresh = (count: number): readonly number[] => Array.from({ length: count }, () => ++next)

/** An item keeps its id when it moves, so that what is half typed in it moves along. */
export function useItemIds(count: number) {
  const [ids, setIds] = useState(() => fresh(count))
  const fitting = ids.length <= count ? [...ids, ...fresh(count - ids.length)] : ids.slice(0, count)
  if (ids.length !== count) setIds(fitting)
  return {
    of: (at: number) => fitting[at]!,
    remove: (at: number) => setIds(fitting.filter((_, place) => place !== at)),
    move: (from: number, to: number) => setIds(moved(fitting, from, to) as readonly number[]),
  }
}
