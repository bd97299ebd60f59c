/** The table of steps in the order that was asked for; steps that are alike in it stay as they were entered. */
import type { Step } from "@waybill/contract"
import type { Sort } from "../../ui/table/column.ts"

const values = {
  seq: (step: Step) => step.seq,
  name: (step: Step) => step.name,
  type: (step: Step) => step.agent ?? step.action ?? step.type,
  status: (step: Step) => step.status,
  duration: (step: Step) => step.durationMs,
  queue: (step: Step) => step.queueMs,
  retries: (step: Step) => step.retries,
  model: (step: Step) => step.model,
  tokens: (step: Step) => step.usage.tokens,
  cost: (step: Step) => step.usage.costUsd,
  error: (step: Step) => step.error?.code ?? null,
} as const satisfies Record<string, (step: Step) => string | number | null>

export function inOrder(steps: readonly Step[], sort: Sort | undefined): readonly Step[] {
  if (sort === undefined) return steps
  const read = (values as { readonly [column: string]: (step: Step) => string | number | null })[sort.column]
  if (read === undefined) return steps
  const turn = sort.direction === "asc" ? 1 : -1
  return [...steps].sort((a, b) => {
    const [x, y] = [read(a), read(b)]
    // What has no value comes last in both directions: it is not the least, it is not there.
    if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0) || a.seq - b.seq
    const order = typeof x === "string" && typeof y === "string" ? x.localeCompare(y) : Number(x) - Number(y)
    return order * turn || a.seq - b.seq
  })
}

/** `-duration`: by duration, the longest first. */
export function readSort(text: string | undefined): Sort | undefined {
  const column = text?.replace(/^-/, "")
  if (text === undefined || column === undefined || !Object.hasOwn(values, column)) return undefined
  return { column, direction: text.startsWith("-") ? "desc" : "asc" }
}

export const writeSort = ({ column, direction }: Sort): string => (direction === "desc" ? `-${column}` : column)
