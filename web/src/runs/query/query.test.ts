import { expect, test } from "vitest"
import { parseRunQuery, queryFields } from "../../../../engine/src/core/views/run-language/index.ts"
import { names, valuesOf, withoutField, withTerm, withValues } from "./edit.ts"
import { runFields } from "./fields.ts"
import { termsOf, written } from "./terms.ts"

const { status, tag, workflow } = runFields

test("the box finds the terms where the server finds them", () => {
  const queries = [
    'status:failed,timed_out  wf:invoice_* -tag:x "order 7" dur:>30s started:>-24h',
    'msg:"rate, limit" tag:/^q[1-4] x$/,q9 event:"a,b" - -- :x "open quote tag:y',
    "steps>100 version!=1.2 -has:error a:b:c ,, x,y",
    "tag: status:, wf:a,,b",
  ]
  for (const query of queries) {
    const ours = termsOf(query).map(({ from, to, negated }) => ({ from, to, negated }))
    const theirs = parseRunQuery(query).parts.map(({ from, to, negated }) => ({ from, to, negated }))
    expect(ours).toEqual(theirs)
  }
})

test("every field that the page writes is one of the language, under these names and no others", () => {
  for (const own of Object.values(runFields)) {
    const field = queryFields.find(({ name, aliases }) => [name, ...aliases].includes(own[0]))
    expect([field?.name, ...(field?.aliases ?? [])].sort()).toEqual([...own].sort())
  }
})

test("a facet puts its values into the query, changes them in their place, and takes them out again", () => {
  const first = withValues("order", status, ["failed"])
  expect(first).toBe("order status:failed")
  const both = withValues(`${first} tag:x`, status, ["failed", "timed_out"])
  expect(both).toBe("order status:failed,timed_out tag:x")
  expect(valuesOf(both, status)).toEqual(["failed", "timed_out"])
  expect(withValues(both, status, [])).toBe("order tag:x")
})

test("a field that was asked for twice is asked for once afterwards; what is excluded stays excluded", () => {
  expect(withValues("wf:a x workflow:b -wf:c", workflow, ["d"])).toBe("wf:d x -wf:c")
  expect(valuesOf("wf:a -wf:c wf:/^d/", workflow)).toEqual(["a"])
  expect(withoutField("wf:a x -wf:c", workflow)).toBe("x")
  expect(names("x -wf:c", workflow)).toBe(true)
})

test("a value with a space, a comma or a sign stands for itself, and is read back as it was", () => {
  const values = ["two words", "a,b", 'say "hi"', "back\\slash", "star*", "/slash", ">1", "1..2", "user:ann", ""]
  const query = withValues("", tag, values)
  expect(valuesOf(query, tag)).toEqual(values)
  expect(parseRunQuery(query).problems).toEqual([])
  expect(written("user:ann")).toBe("user:ann")
})

test("a term is put behind what is there", () => {
  expect(withTerm("  a ", "tag:x")).toBe("a tag:x")
  expect(withTerm("", "tag:x")).toBe("tag:x")
})
