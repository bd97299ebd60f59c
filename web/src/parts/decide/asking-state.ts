/** The state that asks, as its author wrote it: what each answer leads to stands there. */
import type { Json } from "@waybill/contract"

export interface AskingState {
  /** The state behind it; null: the last of its block. */
  readonly next: string | null
  /** It stands in no branch, loop or other state. */
  readonly isTop: boolean
  readonly onReject: { readonly next: string | null; readonly fails: boolean }
  /** Where the run goes when nobody decides; null: the author says nothing of it here. */
  readonly onTimeout: string | null
  readonly catches: boolean
  readonly quorum: { readonly approve: number; readonly reject: number }
}

type Found = { readonly state: Record<string, Json>; readonly isTop: boolean }

/** Null where the name stands for none, or for more than one: then nothing is said rather than something wrong. */
export function askingState(definition: Json, name: string): AskingState | null {
  const found = asking(definition, name)
  const [one] = found
  if (one === undefined || found.length > 1) return null
  const { state, isTop } = one
  const input = recordOf(state.input)
  const onReject = recordOf(input.onReject)
  return {
    next: targetOf(state),
    isTop,
    onReject: { next: targetOf(onReject), fails: onReject.status === "FAILED" },
    onTimeout: targetOf(recordOf(input.onTimeout)),
    catches: Array.isArray(state.catch) && state.catch.length > 0,
    quorum: { approve: countOf(recordOf(input.quorum).approve), reject: countOf(recordOf(input.quorum).reject) },
  }
}

function asking(definition: Json, name: string): readonly Found[] {
  const top = recordOf(definition).states
  const found: Found[] = []
  const todo: Json[] = [definition]
  while (todo.length > 0) {
    const value = todo.pop()!
    if (Array.isArray(value)) {
      todo.push(...value)
      continue
    }
    const state = recordOf(value)
    if (state.name === name && state.action === "human.approval")
      found.push({ state, isTop: Array.isArray(top) && top.includes(value) })
    todo.push(...Object.values(state))
  }
  return found
}

const recordOf = (value: Json | undefined): Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {}
/** The language knows `next` by two other names. */
const targetOf = ({ next, transition, then }: Record<string, Json>): string | null => {
  const target = next ?? transition ?? then
  return typeof target === "string" ? target : null
}
const countOf = (value: Json | undefined): number => (typeof value === "number" ? value : 1)
