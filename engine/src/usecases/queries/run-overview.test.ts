import { describe, expect, it } from "vitest"
import { parseRunQuery, withQuery } from "../../core/views/run-language/index.ts"
import { noFilter } from "../../core/views/run-query.ts"
import { windowOf } from "./run-overview.ts"

const now = 1_795_176_000_000
const hour = 3_600_000
const first = now - 90 * 24 * hour
const open = { from: null, to: null, buckets: 24 }
const filter = (query: string) => withQuery(noFilter, parseRunQuery(query))

describe("the time a histogram shows", () => {
  it.each([
    ["from the first run on, when nothing is said", "status:failed", open, [first, now + 1]],
    ["what the query says of the start", "started:>-2h", open, [now - 2 * hour, now + 1]],
    ["both ends, when the query has both", "started:-2h..-1h", open, [now - 2 * hour, now - hour + 1]],
    ["the narrowest, when it says it twice", "started:>-2h started:>-1h", open, [now - hour, now + 1]],
    ["not what the query says not", "-started:>-2h", open, [first, now + 1]],
    ["what is asked before all", "started:>-2h", { ...open, from: 5, to: 9 }, [5, 9]],
    ["from the first run to the end that is asked", "", { ...open, to: now - hour }, [first, now - hour]],
    ["from the first run to the end that the query says", "started:<-1h", open, [first, now - hour]],
    ["24 hours, when no run began before its end", "", { ...open, to: first }, [first - 24 * hour, first]],
    ["at least a millisecond", "started:>-1h", { ...open, to: 9 }, [now - hour, now - hour + 1]],
  ])("is %s", (_what, query, asked, [from, to]) => {
    const window = windowOf(filter(query), asked, first, now)
    expect([window.from, window.to]).toEqual([from, to])
    expect(Math.ceil((window.to - window.from) / window.bucketMs)).toBeLessThanOrEqual(24)
  })

  it("is the last 24 hours where no run matches", () => {
    const { from, to } = windowOf(filter("status:failed"), open, null, now)
    expect([from, to]).toEqual([now + 1 - 24 * hour, now + 1])
  })
})
