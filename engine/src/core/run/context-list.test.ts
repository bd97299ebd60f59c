import fc from "fast-check"
import { expect, test } from "vitest"
import { ContextList } from "./context-list.ts"

test("a list that has grown leaves every list that it grew from as it was, whoever grew it", () => {
  const grow = fc.tuple(fc.nat(), fc.integer())
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.array(grow, { maxLength: 60 }), (start, growths) => {
      const grown = [{ list: ContextList.of(start), plain: start }]
      for (const [from, value] of growths) {
        const { list, plain } = grown[from % grown.length]!
        grown.push({ list: list.append(value), plain: [...plain, value] })
      }
      for (const { list, plain } of grown) {
        expect(list.toArray()).toEqual(plain)
        expect([list.length, list.at(plain.length), list.at(0)]).toEqual([plain.length, undefined, plain[0]])
      }
    }),
  )
})
