import { expect, test } from "vitest"
import { foldedUnder } from "./fold.ts"
import { askedRuns } from "./list/asked.ts"
import { runsSearch } from "./search.ts"

const run = { runId: "run_7", workflowId: "invoice", environment: "staging", businessEventId: 'erp:invoice#98 "x"' }

test("a row says how many runs stand under it, of which kind, and how they are found", () => {
  const both = foldedUnder({ ...run, folded: { duplicates: 3, children: 1 } })
  expect(both.map(({ word, query }) => [word, query])).toEqual([
    ["3 earlier", 'event:"erp:invoice#98 \\"x\\"" wf:invoice env:staging'],
    ["1 started", "parent:run_7 env:staging"],
  ])
  // Wherever the page is: the list above them may ask for other environments.
  for (const { query } of both) expect(askedRuns({ q: query, origin: "all" }, "default").env).toBe(undefined)
  expect(both.map(({ says }) => says)).toEqual([
    "3 runs of the same business event, begun before this one, stand under it",
    "1 run that this one started stands under it",
  ])
})

test("a row that stands for itself says nothing, and what is counted no further is said to be at least so many", () => {
  expect(foldedUnder(run)).toEqual([])
  expect(foldedUnder({ ...run, folded: { duplicates: 0, children: 0 } })).toEqual([])
  const [many] = foldedUnder({ ...run, folded: { duplicates: 0, children: 1_000 } })
  expect(many).toMatchObject({ count: "1,000+", word: "1,000+ started" })
})

test("folding stands in the address, and is asked of the list alone: counts and what is done to all mean every run", () => {
  const read = (text: string) => runsSearch(Object.fromEntries(new URLSearchParams(text)))
  const folded = askedRuns(read("fold=duplicates,children&q=tag:x"), "prod")
  expect(folded).toMatchObject({ fold: ["duplicates", "children"], query: "tag:x origin:live" })
  expect(askedRuns(read("fold=children"), "prod").fold).toEqual(["children"])
  expect(askedRuns(read("q=tag:x"), "prod").fold).toBe(undefined)
  expect(read("fold=twins").unread).toEqual(["fold=twins"])
})
