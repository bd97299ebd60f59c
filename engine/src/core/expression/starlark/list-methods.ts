/** Methods of lists. Those that change a list fail on inputs and during iteration. */
import { clampRange, single, unpack, wantInt } from "./arguments.ts"
import { equal } from "./comparison.ts"
import { fail } from "./error.ts"
import { toArray } from "./iteration.ts"
import type { Meter } from "./meter.ts"
import { type ListLike, type MethodBody, SLOT_BYTES, type Value } from "./values.ts"

export const LIST_METHODS: ReadonlyMap<string, MethodBody<ListLike>> = new Map(
  Object.entries<MethodBody<ListLike>>({
    append(list, machine, positional, named) {
      const value = single("append", positional, named)
      machine.grow(SLOT_BYTES)
      list.forChange("append to").items.push(value)
      return null
    },

    clear(list, _machine, positional, named) {
      unpack("clear", positional, named, { required: [] })
      list.forChange("clear").items.length = 0
      return null
    },

    extend(list, machine, positional, named) {
      const added = toArray(single("extend", positional, named), machine)
      const { items } = list.forChange("extend")
      for (const item of added) items.push(item)
      return null
    },

    index(list, machine, positional, named) {
      const shape = { required: ["x"], optional: ["start", "end"] }
      const [wanted = null, start, end] = unpack("index", positional, named, shape)
      const range = clampRange("index", start, end, list.length)
      const found = indexOf(list, wanted, range.start, range.end, machine)
      return found < 0 ? fail("index: value not found in list") : BigInt(found)
    },

    insert(list, machine, positional, named) {
      const [index, value = null] = unpack("insert", positional, named, { required: ["index", "x"] })
      const { items } = list.forChange("insert into")
      const { start } = clampRange("insert", BigInt(wantInt("insert", "index", index)), undefined, items.length)
      machine.grow(SLOT_BYTES)
      machine.step(Math.floor(items.length / 64))
      items.splice(start, 0, value)
      return null
    },

    pop(list, machine, positional, named) {
      const [index] = unpack("pop", positional, named, { required: [], optional: ["index"] })
      const { items } = list.forChange("pop from")
      const at = index === undefined ? items.length - 1 : wantInt("pop", "index", index)
      if (at < 0 || at >= items.length) fail(`pop: index ${at} out of range: the list has ${items.length} elements`)
      machine.step(Math.floor(items.length / 64))
      return items.splice(at, 1)[0] ?? null
    },

    remove(list, machine, positional, named) {
      const wanted = single("remove", positional, named)
      const { items } = list.forChange("remove from")
      const found = indexOf(list, wanted, 0, items.length, machine)
      if (found < 0) fail("remove: element not found")
      machine.step(Math.floor(items.length / 64))
      items.splice(found, 1)
      return null
    },
  }),
)

function indexOf(list: ListLike, wanted: Value, start: number, end: number, meter: Meter): number {
  for (let index = start; index < end; index++) {
    meter.step()
    if (equal(list.at(index), wanted, meter)) return index
  }
  return -1
}
