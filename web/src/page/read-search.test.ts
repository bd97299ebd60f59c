import { expect, test } from "vitest"
import { oneOf, readSearch, readText, readWhole, someOf, unreadWords } from "./read-search.ts"

type Search = {
  readonly tab?: "steps" | "events"
  readonly at?: number
  readonly types?: readonly string[]
  readonly q?: string
}

const read = (text: string) =>
  readSearch<Search>(Object.fromEntries(new URLSearchParams(text)), {
    tab: oneOf("steps", "events"),
    at: readWhole,
    types: someOf("step.failed", "step.lost"),
    q: (text) => (text === "usual" ? null : readText(text)),
  })

test("what is understood is read, and what says nothing is as if it were not there", () => {
  expect(read("tab=steps&at=7&types=step.failed,step.lost&q=x")).toEqual({
    tab: "steps",
    at: 7,
    types: ["step.failed", "step.lost"],
    q: "x",
  })
  expect(read("tab=&q=usual&env=prod")).toEqual({})
})

test("any address opens: values and names that the page does not know are left out, and told", () => {
  expect(read("tab=steps&at=-1&types=foo,step.lost&page=2")).toEqual({
    tab: "steps",
    unread: ["at=-1", "types=foo step.lost", "page=2"],
  })
  expect(read("constructor=x&__proto__=y")).toEqual({ unread: ["constructor=x", "__proto__=y"] })
})

test("it is still told when the address has been written anew, and once", () => {
  expect(read("unread=at%3D-1").unread).toEqual(["at=-1"])
  expect(read("unread=at%3D-1&at=-1").unread).toEqual(["at=-1"])
})

test("one sentence says all of it", () => {
  expect(unreadWords(["at=-1", "page=2"])).toContain("“at=-1” and “page=2” in its address")
  expect(unreadWords([])).toBeNull()
})
