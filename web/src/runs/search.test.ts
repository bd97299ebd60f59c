import { expect, test } from "vitest"
import { askedRuns } from "./list/asked.ts"
import { runsSearch } from "./search.ts"
import { sortShown, sortText } from "./table/sort.ts"

const read = (text: string) => runsSearch(Object.fromEntries(new URLSearchParams(text)))

test("a link that names statuses, workflows or tags becomes a query that can be seen and changed", () => {
  expect(read("status=FAILED,TIMED_OUT&workflowId=invoice&tag=two%20words").q).toBe(
    'status:failed,timed_out wf:invoice tag:"two words"',
  )
  expect(read("q=order&workflowId=invoice").q).toBe("order wf:invoice")
})

test("any address opens: what is not understood is as if it were not there, and is told", () => {
  expect(read("q=&from=soon&to=2026-13-40&sort=name&open=everything&peek=")).toEqual({
    unread: ["from=soon", "to=2026-13-40", "sort=name", "open=everything"],
  })
  expect(read("from=-24h&to=2026-11-21&sort=-startedAt&status=FAILED")).toEqual({
    from: "-24h",
    to: "2026-11-21T00:00:00.000Z",
    q: "status:failed",
  })
})

test("the query, the time range and the environment are asked for together; a query may name environments itself", () => {
  expect(askedRuns(read("q=tag:x&from=-24h"), "prod")).toEqual({
    query: "tag:x started:>=-24h origin:live",
    env: "prod",
    sort: "-startedAt",
  })
  expect(askedRuns(read("q=env:dev,prod"), "default").env).toBe(undefined)
})

test("backfills and replays stay out of the list until the address or the query asks for them", () => {
  expect(askedRuns(read(""), "prod").query).toBe("origin:live")
  expect(askedRuns(read("origin=all&q=tag:x"), "prod").query).toBe("tag:x")
  expect(askedRuns(read("q=origin:backfill"), "prod").query).toBe("origin:backfill")
  expect(read("origin=backfill").unread).toEqual(["origin=backfill"])
})

test("the order stands in the address only when it is another than the newest first", () => {
  expect(sortShown(undefined)).toEqual({ column: "started", direction: "desc" })
  expect(sortText({ column: "started", direction: "desc" })).toBe(undefined)
  expect(sortText({ column: "duration", direction: "desc" })).toBe("-duration")
  expect(sortShown(read("sort=-duration").sort)).toEqual({ column: "duration", direction: "desc" })
})
