import { describe, expect, test } from "vitest"
import { makeAxis } from "./axis.ts"
import { barsOf } from "./bars.ts"
import { criticalPath } from "./critical.ts"
import { gridKey } from "./grid-keys.ts"
import { failures, holders, nextFailure, rowsOf, unfoldedTo } from "./rows.ts"
import { type Lane, type RunTimeline, readTimeline } from "./timeline.ts"

const iso = (ms: number) => new Date(ms).toISOString()
let seq = 0
const rest = { index: null, visit: 1, agent: null, attempts: 0, retries: 0, errorCode: null }

type Short = Partial<Omit<Lane, "from" | "to">> & { readonly at?: number; readonly end?: number | null }

function lane(id: string, { at = 0, end = 10, ...more }: Short = {}): Lane {
  const usual = {
    id,
    name: id,
    type: "inject",
    parent: null,
    branchPath: "",
    status: "SUCCEEDED",
    seq: ++seq,
    ...rest,
  }
  return { ...usual, from: iso(at), to: end === null ? null : iso(end), ...more }
}

const ended = { createdAt: iso(0), startedAt: iso(0), completedAt: iso(1_000) }
const running = { ...ended, completedAt: null }

const shape = (timeline: RunTimeline, folded: readonly string[] = [], wanted?: ReadonlySet<string>) =>
  rowsOf(timeline, { folded: new Set(folded), wanted }).map(
    ({ node, depth }) => `${"  ".repeat(depth)}${node.name}${node.detail === "" ? "" : ` (${node.detail})`}`,
  )

const survey = () =>
  readTimeline(
    {
      lanes: [
        lane("look", { type: "parallel", status: "FAILED" }),
        lane("wind", { parent: "look", branchPath: "look/weather" }),
        lane("sites", { parent: "look", branchPath: "look/sites", type: "foreach", status: "FAILED" }),
        lane("visit0", { name: "visit", parent: "sites", branchPath: "look/sites/sites[0]", retries: 1 }),
        lane("note0", { name: "note", parent: "sites", branchPath: "look/sites/sites[0]" }),
        lane("visit1", { name: "visit", parent: "sites", branchPath: "look/sites/sites[1]", status: "FAILED" }),
        lane("careful", { type: "try" }),
        lane("publish", { parent: "careful", branchPath: "careful.try" }),
        lane("tidy", { parent: "careful", branchPath: "careful.finally" }),
      ],
      segments: [],
    },
    ended,
  )

describe("a run as a tree", () => {
  test("branches and items that hold several steps are groups; one step alone says where it stands", () => {
    expect(shape(survey())).toEqual([
      "look",
      "  wind (branch weather)",
      "  sites (branch sites)",
      "    item 0",
      "      visit",
      "      note",
      "    item 1",
      "      visit",
      "careful",
      "  publish (try)",
      "  tidy (finally)",
    ])
  })

  test("a state that was come to again is told apart by its visit, and so is what it holds", () => {
    const timeline = readTimeline(
      {
        lanes: [
          lane("a", { name: "ask" }),
          lane("b", { name: "ask", visit: 2 }),
          lane("l1", { name: "loop", type: "loop" }),
          lane("l2", { name: "loop", type: "loop", visit: 2 }),
          lane("m", { parent: "l2", branchPath: "loop#2.do[0]" }),
        ],
        segments: [],
      },
      ended,
    )
    expect(shape(timeline)).toEqual(["ask", "ask (visit 2)", "loop", "loop (visit 2)", "  m (round 0)"])
  })

  test("what is folded hides what it holds, and a failure is seen through every fold above it", () => {
    const timeline = survey()
    expect(shape(timeline, ["look"])).toEqual(["look", "careful", "  publish (try)", "  tidy (finally)"])
    const all = holders(timeline)
    expect(rowsOf(timeline, { folded: all }).map((row) => row.node.id)).toEqual(["look", "careful"])
    const open = unfoldedTo(timeline, all, "visit1")
    expect(rowsOf(timeline, { folded: open }).some((row) => row.node.id === "visit1")).toBe(true)
    expect([...timeline.byId.values()].filter((node) => node.hasFailed).map((node) => node.id)).toEqual([
      "look",
      "sites",
      "sites/item 1",
      "visit1",
    ])
  })

  test("failures only: what failed or was tried again, under what holds it", () => {
    const timeline = survey()
    expect(shape(timeline, [], failures(timeline))).toEqual([
      "look",
      "  sites (branch sites)",
      "    item 0",
      "      visit",
      "    item 1",
      "      visit",
    ])
  })

  test("the next failure is a step that failed by itself, and after the last comes the first again", () => {
    const timeline = survey()
    expect(nextFailure(timeline, undefined)).toBe("visit1")
    expect(nextFailure(timeline, "careful")).toBe("visit1")
    expect(nextFailure(readTimeline({ lanes: [lane("fine")], segments: [] }, ended), undefined)).toBeUndefined()
  })

  test("an item whose failure was dealt with counts as its last step does", () => {
    const timeline = readTimeline(
      {
        lanes: [
          lane("each", { type: "foreach" }),
          lane("try0", { parent: "each", branchPath: "each[0]", status: "FAILED" }),
          lane("mend0", { parent: "each", branchPath: "each[0]" }),
        ],
        segments: [],
      },
      ended,
    )
    expect(timeline.byId.get("each/item 0")).toMatchObject({ status: "SUCCEEDED", hasFailed: true, steps: 2 })
  })

  test("ten thousand steps in one holder are read at once, and none is lost", () => {
    const items = Array.from({ length: 10_000 }, (_, at) =>
      lane(`s${at}`, { parent: "each", branchPath: `each[${at >> 1}]` }),
    )
    const timeline = readTimeline({ lanes: [lane("each", { type: "foreach" }), ...items], segments: [] }, ended)
    expect(rowsOf(timeline, { folded: new Set() })).toHaveLength(1 + 5_000 + 10_000)
  })
})

describe("a step that has not ended", () => {
  const open = (kind: "approval" | "signal" | "queued" | "running", run: typeof running | typeof ended = running) => {
    const segments = [{ lane: "a", kind, attempt: 1, from: iso(5), to: null, outcome: null }]
    return readTimeline({ lanes: [lane("a", { end: null, status: "RUNNING" })], segments }, run).byId.get("a")!
  }

  test("it stands as what it does now", () => {
    expect((["approval", "signal", "queued", "running"] as const).map((kind) => open(kind).status)).toEqual([
      "WAITING_APPROVAL",
      "WAITING_SIGNAL",
      "PENDING",
      "RUNNING",
    ])
  })

  test("the end of the run ends it as well", () => {
    expect(open("running", ended)).toMatchObject({ status: "CANCELLED", to: 1_000, spans: [{ to: 1_000 }] })
  })
})

describe("bars", () => {
  const spans = (...kinds: readonly [string, number, number | null, string | null][]) => {
    const segments = kinds.map(([kind, from, to, outcome]) => ({
      lane: "a",
      kind: kind as "running",
      attempt: 1,
      from: iso(from),
      to: to === null ? null : iso(to),
      outcome,
    }))
    return readTimeline({ lanes: [lane("a", { end: null })], segments }, running).byId.get("a")!
  }
  const axis = makeAxis({ from: 0, to: 1_000 }, [{ from: 0, to: 1_000 }])

  test("attempts stand in one row with their own outcome, the queue and the wait between them apart", () => {
    const node = spans(
      ["queued", 0, 100, null],
      ["running", 100, 300, "failed"],
      ["backoff", 300, 500, null],
      ["running", 500, null, null],
    )
    expect(barsOf(node, axis, 750).map(({ kind, tone, at, width }) => [kind, tone, at, width])).toEqual([
      ["queue", "quiet", 0, 0.1],
      ["work", "failed", 0.1, expect.closeTo(0.2)],
      ["backoff", "quiet", 0.3, 0.2],
      ["work", "running", 0.5, 0.25],
    ])
  })

  test("what lies outside of the zoom is not drawn, and what took no time is a mark", () => {
    const near = makeAxis({ from: 600, to: 700 }, [{ from: 600, to: 700 }])
    expect(barsOf(spans(["running", 0, 100, "succeeded"]), near, 900)).toEqual([])
    expect(barsOf(spans(), axis, 0)).toMatchObject([{ kind: "instant", at: 0 }])
  })
})

test("the critical path leads from the end back through what ended last each time", () => {
  const timeline = readTimeline(
    {
      lanes: [
        lane("start", { at: 0, end: 100 }),
        lane("both", { type: "parallel", at: 100, end: 600 }),
        lane("long", { parent: "both", branchPath: "both/a", at: 100, end: 600 }),
        lane("short", { parent: "both", branchPath: "both/b", at: 100, end: 200 }),
        lane("finish", { at: 600, end: 1_000 }),
      ],
      segments: [],
    },
    ended,
  )
  expect([...criticalPath(timeline, 1_000)].sort()).toEqual(["finish", "long", "start"])
})

describe("keys in the tree", () => {
  const rows = rowsOf(survey(), { folded: new Set(["careful"]) })
  const press = (key: string, id: string | undefined) => {
    const at = rows.findIndex((row) => row.node.id === id)
    return gridKey({ key, ctrlKey: false, metaKey: false, altKey: false }, rows, at)
  }

  test("up and down stay in the list; right opens and goes in, left folds and goes out", () => {
    expect(press("ArrowDown", undefined)).toEqual({ kind: "move", id: "look" })
    expect(press("ArrowUp", "look")).toEqual({ kind: "move", id: "look" })
    expect(press("End", "look")).toEqual({ kind: "move", id: "careful" })
    expect(press("ArrowRight", "careful")).toEqual({ kind: "fold", id: "careful", fold: false })
    expect(press("ArrowRight", "look")).toEqual({ kind: "move", id: "wind" })
    expect(press("ArrowLeft", "note0")).toEqual({ kind: "move", id: "sites/item 0" })
    expect(press("ArrowLeft", "look")).toEqual({ kind: "fold", id: "look", fold: true })
  })

  test("Enter looks into a step, and folds a group, which is none", () => {
    expect(press("Enter", "wind")).toEqual({ kind: "select", id: "wind" })
    expect(press("Enter", "sites/item 0")).toEqual({ kind: "fold", id: "sites/item 0", fold: true })
    expect(press("x", "wind")).toBeUndefined()
  })
})
