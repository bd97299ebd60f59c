import { describe, expect, test } from "vitest"
import { agent, Story } from "../../testing/simulator/story.ts"
import type { JsonObject } from "../json.ts"

/** `quick` wins; `slow` runs on beside what comes after. */
const race = (slow: JsonObject[], next: string | null): JsonObject => ({
  name: "race",
  type: "parallel",
  join: { mode: "any", cancelRemaining: false },
  branches: [
    { name: "quick", states: [agent("quick")] },
    { name: "slow", states: slow },
  ],
  ...(next === null ? {} : { next }),
})

const looks = (next: string) =>
  agent("look", { variables: { known: "{{ ctx.known }}", after: "{{ steps.after ?? 'nothing' }}" }, next })
const own = { name: "own", type: "inject", data: 1, resultPath: "steps.own", next: "first" }

describe("losers that run on", () => {
  test("read the context as it was at the join, in memory and after a reload", () => {
    for (const reloads of [true, false]) {
      const slow = [own, agent("first", { next: "look" }), looks("last"), agent("last")]
      const before = { name: "before", type: "inject", data: 1, resultPath: "steps.before", next: "race" }
      const story = new Story([before, race(slow, "after"), agent("after", { next: "end" }), agent("end")], {
        input: { known: 5 },
        reloads,
      })
      story.succeed("race/quick/quick")
      story.succeed("after", { new: true })
      story.succeed("race/slow/first")
      expect(story.inputOf("race/slow/look")).toEqual({ known: 5, after: "nothing" })
    }
  })

  test("in a branch of a branch they still see what the run began with", () => {
    for (const reloads of [true, false]) {
      const slow = [own, agent("first", { next: "look" }), looks("last"), agent("last")]
      const story = new Story(
        [
          {
            name: "outer",
            type: "parallel",
            branches: [{ name: "b", states: [race(slow, "after"), agent("after", { next: "end" }), agent("end")] }],
          },
        ],
        { input: { known: 5 }, reloads },
      )
      story.succeed("outer/b/race/quick/quick")
      story.succeed("outer/b/after")
      story.succeed("outer/b/race/slow/first")
      expect(story.inputOf("outer/b/race/slow/look")).toEqual({ known: 5, after: "nothing" })
    }
  })

  test("and so does an item inside a loser", () => {
    for (const reloads of [true, false]) {
      const each = {
        name: "each",
        type: "foreach",
        itemsPath: [1, 2],
        iterator: { states: [own, agent("first", { next: "look" }), looks("last"), agent("last")] },
      }
      const story = new Story([race([each], "after"), agent("after", { next: "end" }), agent("end")], {
        input: { known: 5, steps: { before: 1 } },
        reloads,
      })
      story.succeed("race/quick/quick")
      story.succeed("after", { new: true })
      story.succeed("race/slow/each[0]/first")
      expect(story.inputOf("race/slow/each[0]/look")).toEqual({ known: 5, after: "nothing" })
      story.succeed("race/slow/each[0]/look")
      story.succeed("race/slow/each[0]/last")
      story.succeed("race/slow/each[1]/first")
      expect(story.inputOf("race/slow/each[1]/look")).toEqual({ known: 5, after: "nothing" })
    }
  })

  test("are ended with the branch that has failed around them, which is not held up by them", () => {
    const outer = {
      name: "outer",
      type: "parallel",
      branches: [{ name: "b", states: [race([agent("slow")], "after"), agent("after")] }],
      catch: [{ next: "mend" }],
      end: true,
    }
    const story = new Story([outer, agent("mend")])
    story.succeed("outer/b/race/quick/quick")
    story.fail("outer/b/after", "broken")
    expect(story.aborted).toEqual(["outer/b/race/slow/slow"])
    story.stop("outer/b/race/slow/slow")
    expect(story.executing).toEqual(["mend"])
    expect(story.context).toMatchObject({ error: { code: "broken" } })
  })

  test("are ended when the run fails, and waited for when it succeeds", () => {
    const make = () => new Story([race([agent("slow")], "after"), agent("after")])
    const failing = make()
    failing.succeed("race/quick/quick")
    failing.fail("after", "broken")
    expect(failing.aborted).toEqual(["race/slow/slow"])
    failing.stop("race/slow/slow")
    expect(failing.error).toMatchObject({ code: "broken" })
    const fine = make()
    fine.succeed("race/quick/quick")
    fine.succeed("after")
    expect(fine.run.books.run).toMatchObject({ status: "RUNNING", reason: "finalizing" })
    fine.fail("race/slow/slow", "late")
    expect(fine.status).toBe("COMPLETED")
  })
})
