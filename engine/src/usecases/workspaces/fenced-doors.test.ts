import { describe, expect, test } from "vitest"
import { fencedBulk, fencedInsights, fencedQueries, fencedRemarks, fencedRuns } from "./fenced-doors.ts"

const nobodys = { ownsRun: async () => false, hasStarted: () => {}, ownsBulk: async () => false }

type Fence = (door: never) => object

/** By the verbs that name a thing: lists are the store's question, which names the workspace itself. */
const doors: readonly (readonly [what: string, fence: Fence, verbs: string])[] = [
  [
    "runs",
    (door) => fencedRuns(door, nobodys),
    "settled pause resume cancel signal retryNow planRerun rerun decideApproval delegateApproval",
  ],
  [
    "queries",
    (door) => fencedQueries(door, nobodys, "ours"),
    "run standing steps events approval contextText contextNow contextChanges evaluate",
  ],
  ["insights", (door) => fencedInsights(door, nobodys), "why stepTotals lineage evidence timeline step stepContext"],
  ["remarks", (door) => fencedRemarks(door, nobodys), "say list"],
  ["bulk", (door) => fencedBulk(door, nobodys), "pause resume abort find items"],
]

describe.each(doors)("the door of %s", (_what, fence, verbs) => {
  test.each(verbs.split(" "))("finds nothing of another workspace: %s", async (verb) => {
    const theirs = async () => ({ workspaceId: "another", value: "secret" })
    const fenced = fence({ [verb]: theirs } as never) as Readonly<
      Record<string, (...asked: unknown[]) => Promise<unknown>>
    >
    const answer = await fenced[verb]!("id_1", "id_1", "id_1", "id_1", "id_1")
    expect(JSON.stringify(answer)).not.toContain("secret")
  })
})

test("a run that was started here is known without a look, one that is only answered again is looked up", async () => {
  const known: string[] = []
  const runIds = ["run_new", "run_old"]
  const start = async () => {
    const runId = runIds.shift()!
    return { ok: true, value: { runId, replayed: runId === "run_old" } }
  }
  const fenced = fencedRuns({ start } as never, { ...nobodys, hasStarted: (runId) => known.push(runId) })
  for (const _ of ["new", "again"]) await fenced.start({} as never, { parentRunId: null } as never, null)
  expect(known).toEqual(["run_new"])
})
