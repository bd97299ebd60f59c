/** The agents of 002's four workflows on the shipped file: what they count is counted here once more, by hand. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { loadAgents, runChecked } from "./testing/agents.ts"
import { contextOf } from "./testing/example.ts"

const agents = await loadAgents()
const run = async <T>(agent: string, input: unknown, step = agent): Promise<T> =>
  (await runChecked(agents.get(agent), input, contextOf(step))) as T

const SOURCE = "data/orders.csv"
const source = readFileSync(new URL(`./${SOURCE}`, import.meta.url), "utf8")
const ROWS = source.trim().split("\n").length - 1

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "waybill-pipeline-"))
  process.env.EXAMPLE_STATE_FILE = join(directory, "service.json")
})
afterEach(() => {
  delete process.env.EXAMPLE_STATE_FILE
  rmSync(directory, { recursive: true, force: true })
})

const at = (path: string) => join(directory, path)

interface Transformed {
  readonly file: string
  readonly accepted: number
  readonly rejected: number
  readonly rejected_file: string
  readonly reasons: Record<string, number>
}
interface Loaded {
  readonly target: string
  readonly orders: number
  readonly revenue_eur: number
  readonly sha256: string
}
interface Summary {
  readonly rows: number
  readonly orders: number
  readonly revenue_eur: number
  readonly countries: Record<string, number>
  readonly flagged: readonly { readonly order_id: string; readonly reason: string }[]
}

async function transformed(): Promise<Transformed & { extracted: number }> {
  const { sha256 } = await run<{ sha256: string }>("csv-inspector", { source: SOURCE })
  const { file, rows } = await run<{ file: string; rows: number }>("csv-extractor", { source: SOURCE, sha256 })
  return { extracted: rows, ...(await run<Transformed>("order-transformer", { file })) }
}

describe("the data pipeline", () => {
  test("every row is either an order or put aside with its reason", async () => {
    const result = await transformed()
    expect(result.extracted).toBe(ROWS)
    expect(result.accepted + result.rejected).toBe(ROWS)
    expect(result.reasons).toEqual({
      "quantity is not a whole number over 0": 1,
      "price is not a number of at least 0": 2,
      "currency is unknown": 1,
      "order id was there before": 1,
      "date is not ISO 8601": 1,
    })
    const rejected = readFileSync(at(result.rejected_file), "utf8").trim().split("\n")
    expect(rejected.map((line) => JSON.parse(line).row)).toEqual([18, 59, 93, 132, 165, 210])
  })

  test("what is loaded is what was checked, and loading twice leaves the same file", async () => {
    const { file, extracted, rejected } = await transformed()
    const valid = await run<{ orders: number; revenue_eur: number }>("order-validator", { file, extracted, rejected })
    const load = { file, target: "warehouse/orders.json" }
    const loaded = await run<Loaded>("order-loader", load)
    const content = readFileSync(at(loaded.target), "utf8")
    expect(await run<Loaded>("order-loader", load)).toEqual(loaded)
    expect(readFileSync(at(loaded.target), "utf8")).toBe(content)

    const cents = (JSON.parse(content).items as { total_cents: number }[]).map((item) => item.total_cents)
    expect(loaded.revenue_eur).toBe(cents.reduce((sum, own) => sum + own, 0) / 100)
    expect(valid).toMatchObject({ orders: cents.length, revenue_eur: loaded.revenue_eur })
    await expect(run("load-verifier", loaded)).resolves.toMatchObject({ verified: true, orders: ROWS - 6 })
  })

  test("a target that was altered after the load is found out", async () => {
    const { file } = await transformed()
    const loaded = await run<Loaded>("order-loader", { file, target: "warehouse/orders.json" })
    const document = JSON.parse(readFileSync(at(loaded.target), "utf8"))
    document.items.pop()
    writeFileSync(at(loaded.target), JSON.stringify(document))
    await expect(run("load-verifier", loaded)).rejects.toMatchObject({
      class: "validation_failed",
      code: "load_differs",
      message: expect.stringContaining(`${ROWS - 7} orders instead of ${ROWS - 6}`),
    })
  })

  test("a lost row and too many rejected rows fail the check, both named", async () => {
    const { file, extracted, rejected } = await transformed()
    const wrong = { file, extracted: extracted + 1, rejected, rejected_share_max: 0.01 }
    await expect(run("order-validator", wrong)).rejects.toMatchObject({
      code: "transformation_invalid",
      message: expect.stringMatching(/no row lost.*few rejected/),
    })
  })

  test("a source that changed between inspection and extraction is refused", async () => {
    await expect(run("csv-extractor", { source: SOURCE, sha256: "0".repeat(64) })).rejects.toMatchObject({
      code: "source_changed",
    })
  })

  test("cleanup removes the run's files and only those, and may come twice", async () => {
    await transformed()
    await run("order-loader", { file: "staging/run_test/transformed.jsonl", target: "warehouse/orders.json" })
    expect(await run("staging-cleaner", {})).toEqual({ folder: "staging/run_test", removed: true })
    expect(existsSync(at("staging/run_test"))).toBe(false)
    expect(existsSync(at("warehouse/orders.json"))).toBe(true)
    expect(await run("staging-cleaner", {})).toEqual({ folder: "staging/run_test", removed: false })
  })
})

describe("summaries", () => {
  test("the summaries of three parts add up to the summary of the whole file", async () => {
    const parts = await run<Record<"part_a" | "part_b" | "part_c", string>>("csv-partitioner", { source: SOURCE })
    const summaries = await Promise.all(
      [parts.part_a, parts.part_b, parts.part_c].map((part) => run("order-summarizer", { source: part })),
    )
    const merged = await run<Summary>("summary-merger", { parts: summaries })
    const whole = await run<Summary>("order-summarizer", { source: SOURCE })
    expect(merged).toEqual({
      rows: whole.rows,
      orders: whole.orders,
      rejected: whole.rows - whole.orders,
      revenue_eur: whole.revenue_eur,
      countries: whole.countries,
      flagged: [],
    })
  })

  test("the mode says how closely a file is looked at", async () => {
    const [fast, standard, thorough] = await Promise.all(
      ["fast", "standard", "thorough"].map((mode) => run<Summary>("order-summarizer", { source: SOURCE, mode })),
    )
    expect(fast!.rows).toBe(50)
    expect(standard!.rows).toBe(ROWS)
    expect(standard!.flagged).toEqual([])
    expect(thorough).toMatchObject({ rows: ROWS, revenue_eur: standard!.revenue_eur })
    expect(thorough!.flagged).toEqual([
      { order_id: "ord-0042", reason: "order id was there before" },
      { order_id: "ord-0172", reason: expect.stringContaining("over 20 times") },
    ])
  })

  test("a report names what it was told", async () => {
    const { file } = await run<{ file: string }>("report-writer", {
      title: "Orders",
      facts: { rows: 3, by: { DE: 1 } },
    })
    expect(readFileSync(at(file), "utf8")).toBe('# Orders\n\n- **rows**: 3\n- **by**: `{"DE":1}`\n')
  })
})

describe("an agent touches no file outside the example", () => {
  test.each([
    "/etc/passwd",
    "../package.json",
    "data/../../package.json",
    "data//orders.csv",
    "environments/default/agents/report-writer.agent.ts",
    "data",
    "",
  ])("reading %s is refused", async (path) => {
    await expect(run("csv-inspector", { source: path })).rejects.toMatchObject({
      class: expect.stringMatching(/policy_denied|validation_failed/),
      code: expect.stringMatching(/path_refused|file_missing/),
    })
  })

  test.each(["data/orders.csv", "../x.json", "warehouse/../service.json", "/tmp/x.json"])(
    "writing %s is refused",
    async (target) => {
      const { file } = await transformed()
      await expect(run("order-loader", { file, target })).rejects.toMatchObject({ class: "policy_denied" })
    },
  )

  test("a link that leads out of the example is not followed", async () => {
    const { mkdirSync, symlinkSync } = await import("node:fs")
    mkdirSync(at("staging"))
    symlinkSync("/etc/hostname", at("staging/out.csv"))
    await expect(run("csv-inspector", { source: "staging/out.csv" })).rejects.toMatchObject({ code: "path_refused" })
  })
})
