import fc from "fast-check"
import { expect, test } from "vitest"
import { Fifo } from "./fifo.ts"
import { Heap } from "./heap.ts"

test("a heap gives back everything in order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = new Heap<number>((a, b) => a < b)
      for (const number of numbers) heap.push(number)
      const out: number[] = []
      for (let next = heap.pop(); next !== undefined; next = heap.pop()) out.push(next)
      expect(out).toEqual(numbers.toSorted((a, b) => a - b))
    }),
  )
})

test("a heap that was thinned out gives back the rest in order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = new Heap<number>((a, b) => a < b)
      for (const number of numbers) heap.push(number)
      heap.retain((number) => number % 2 === 0)
      const even = numbers.filter((number) => number % 2 === 0)
      expect(heap.size).toBe(even.length)
      expect(even.map(() => heap.pop())).toEqual(even.toSorted((a, b) => a - b))
    }),
  )
})

test("a queue gives back everything in the order it came, however pushes and shifts mix", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 500 }), (steps) => {
      const fifo = new Fifo<number>()
      const expected: number[] = []
      let next = 0
      for (const push of steps) {
        if (push) {
          fifo.push(next)
          expected.push(next++)
        } else expect(fifo.shift()).toBe(expected.shift())
        expect(fifo.size).toBe(expected.length)
      }
      expect(fifo.drain()).toEqual(expected)
      expect(fifo.size).toBe(0)
    }),
  )
})
