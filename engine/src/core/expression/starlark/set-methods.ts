/** Methods of sets. Those that change a set fail during iteration. */
import { onlyPositional, single, unpack } from "./arguments.ts"
import { fail } from "./error.ts"
import { iterate } from "./iteration.ts"
import { addAll, assign, difference, intersection, setOf, symmetricDifference, union } from "./set-operations.ts"
import { shortRepr } from "./text.ts"
import { hashKey, type MethodBody, type StarlarkSet } from "./values.ts"

export const SET_METHODS: ReadonlyMap<string, MethodBody<StarlarkSet>> = new Map(
  Object.entries<MethodBody<StarlarkSet>>({
    add(set, machine, positional, named) {
      const value = single("add", positional, named)
      set.forChange("add to").add(value, machine)
      return null
    },

    clear(set, _machine, positional, named) {
      unpack("clear", positional, named, { required: [] })
      set.forChange("clear").elements.clear()
      return null
    },

    difference(set, machine, positional, named) {
      onlyPositional("difference", named)
      return difference(set, positional, machine)
    },

    difference_update(set, machine, positional, named) {
      onlyPositional("difference_update", named)
      assign(set.forChange("update"), difference(set, positional, machine))
      return null
    },

    discard(set, machine, positional, named) {
      const value = single("discard", positional, named)
      set.forChange("discard from").delete(value, machine)
      return null
    },

    intersection(set, machine, positional, named) {
      onlyPositional("intersection", named)
      return intersection(set, positional, machine)
    },

    intersection_update(set, machine, positional, named) {
      onlyPositional("intersection_update", named)
      assign(set.forChange("update"), intersection(set, positional, machine))
      return null
    },

    isdisjoint(set, machine, positional, named) {
      let disjoint = true
      iterate(single("isdisjoint", positional, named), machine, (element) => {
        // All elements are looked at: an unhashable one fails wherever it stands.
        if (set.has(element, machine)) disjoint = false
        return false
      })
      return disjoint
    },

    issubset(set, machine, positional, named) {
      return difference(set, [single("issubset", positional, named)], machine).size === 0
    },

    issuperset(set, machine, positional, named) {
      let superset = true
      iterate(single("issuperset", positional, named), machine, (element) => {
        if (!set.has(element, machine)) superset = false
        return false
      })
      return superset
    },

    pop(set, _machine, positional, named) {
      unpack("pop", positional, named, { required: [] })
      const { elements } = set.forChange("pop from")
      for (const [hashed, element] of elements) {
        elements.delete(hashed)
        return element
      }
      return fail("pop: the set is empty")
    },

    remove(set, machine, positional, named) {
      const value = single("remove", positional, named)
      hashKey(value, machine)
      if (!set.forChange("remove from").delete(value, machine)) {
        fail(`remove: element ${shortRepr(value)} not found`)
      }
      return null
    },

    symmetric_difference(set, machine, positional, named) {
      return symmetricDifference(set, single("symmetric_difference", positional, named), machine)
    },

    symmetric_difference_update(set, machine, positional, named) {
      const other = single("symmetric_difference_update", positional, named)
      assign(set.forChange("update"), symmetricDifference(set, other, machine))
      return null
    },

    union(set, machine, positional, named) {
      onlyPositional("union", named)
      return union(set, positional, machine)
    },

    update(set, machine, positional, named) {
      onlyPositional("update", named)
      const changed = set.forChange("update")
      for (const other of positional) {
        // A set updated with itself must not grow under its own iterator.
        if (other !== set) addAll(changed, setOf(other, machine), machine)
      }
      return null
    },
  }),
)
