/** What differs between two JSON values, in the shape in which the server tells it. */
import type { Change } from "@waybill/contract"
import { type Keys, pointerOf } from "./json-path.ts"
import { kindOf, membersOf } from "./json-rows.ts"

export type Changes = { readonly changes: readonly Change[]; readonly truncated: boolean }

type Pair = { readonly keys: Keys; readonly from: unknown; readonly to: unknown }

/** Distinct from every JSON value, null among them. */
const absent = Symbol("absent")

export function changesBetween(from: unknown, to: unknown, changesMax = 500): Changes {
  const changes: Change[] = []
  const todo: Pair[] = [{ keys: [], from, to }]
  while (todo.length > 0) {
    const pair = todo.pop()!
    if (Object.is(pair.from, pair.to)) continue
    if (bothOpen(pair)) {
      todo.push(...membersOfBoth(pair).toReversed())
      continue
    }
    if (changes.length === changesMax) return { changes, truncated: true }
    changes.push(changeOf(pair))
  }
  return { changes, truncated: false }
}

function bothOpen({ from, to }: Pair): boolean {
  const kind = kindOf(from)
  return from !== absent && to !== absent && kind === kindOf(to) && (kind === "object" || kind === "array")
}

function membersOfBoth({ keys, from, to }: Pair): readonly Pair[] {
  const before = new Map(membersOf(from))
  const after = new Map(membersOf(to))
  const names = new Set([...before.keys(), ...after.keys()])
  const valueIn = (side: ReadonlyMap<string | number, unknown>, name: string | number) =>
    side.has(name) ? side.get(name) : absent
  return [...names].map((name) => ({ keys: [...keys, name], from: valueIn(before, name), to: valueIn(after, name) }))
}

function changeOf({ keys, from, to }: Pair): Change {
  const pointer = pointerOf(keys)
  if (from === absent) return { pointer, op: "added", to: to as Change["to"] }
  if (to === absent) return { pointer, op: "removed", from: from as Change["from"] }
  return { pointer, op: "changed", from: from as Change["from"], to: to as Change["to"] }
}
