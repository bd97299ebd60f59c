/** The contract of `DefinitionStore`. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { DefinitionRecord, VersionRecord } from "../../ports/definition-store.ts"
import { RunHistory } from "../builders/run-history.ts"
import { durable, type OpenedStores, type OpenStores } from "./stores.ts"

const orders = { workspaceId: "default", environment: "default", workflowId: "orders" }
const day = 24 * 3_600_000

const record = (part: Partial<DefinitionRecord> = {}): DefinitionRecord => ({
  ...orders,
  versionNumber: 1,
  name: "Orders",
  description: null,
  status: "active",
  source: "file",
  file: "workflows/orders.yaml",
  syncState: "synced",
  problems: [],
  createdAt: 1_000,
  updatedAt: 1_000,
  ...part,
})

const version = (versionNumber: number, label: string, part: Partial<VersionRecord> = {}): VersionRecord => ({
  ...orders,
  versionNumber,
  version: label,
  hash: `hash-${versionNumber}`,
  format: "yaml",
  text: `id: orders # ${versionNumber}\n`,
  source: "file",
  file: "workflows/orders.yaml",
  createdAt: 1_000 + versionNumber,
  createdBy: "user:local",
  note: null,
  ...part,
})

export function describeDefinitionStore(name: string, open: OpenStores): void {
  describe(`${name}: definitions`, () => {
    let opened: OpenedStores
    beforeEach(async () => {
      opened = await open(() => 1_000)
    })
    afterEach(() => opened.dispose())

    it("keeps a definition and finds its versions by number, label and content", async () => {
      const { definitions } = opened
      const versions = [version(1, "1.0"), version(2, "1.0"), version(3, "1.1")]
      await definitions.apply([
        { kind: "put-record", record: record() },
        ...versions.map((one) => ({ kind: "add-version" as const, version: one })),
      ])
      expect(await definitions.records()).toEqual([record()])
      expect(await definitions.version(orders, null)).toEqual(versions[2])
      expect(await definitions.version(orders, 1)).toEqual(versions[0])
      expect(await definitions.version(orders, 9)).toBeNull()
      expect(await definitions.versionByLabel(orders, "1.0")).toEqual(versions[1])
      expect(await definitions.byHash("hash-1")).toEqual(versions[0])
      expect(await definitions.byHash("none")).toBeNull()
      expect(await definitions.versions(orders, 2, null)).toEqual([versions[2], versions[1]])
      expect(await definitions.versions(orders, 5, 2)).toEqual([versions[0]])
      expect(await definitions.version({ ...orders, environment: "prod" }, null)).toBeNull()
    })

    it("replaces the record and keeps what the file's problems are", async () => {
      const { definitions } = opened
      await definitions.apply([{ kind: "put-record", record: record() }])
      const problem = {
        code: "unknown_field",
        severity: "error",
        message: "no",
        file: "f",
        line: 1,
        column: 2,
        pointer: "/x",
      } as const
      const changed = record({
        versionNumber: 2,
        status: "disabled",
        syncState: "invalid",
        problems: [problem],
        updatedAt: 2_000,
      })
      await definitions.apply([{ kind: "put-record", record: changed }])
      expect(await definitions.records()).toEqual([changed])
    })

    it("writes all changes or none", async () => {
      const { definitions } = opened
      await definitions.apply([{ kind: "add-version", version: version(1, "1.0") }])
      await expect(
        definitions.apply([
          { kind: "put-record", record: record() },
          { kind: "add-version", version: version(1, "again") },
        ]),
      ).rejects.toThrow()
      expect(await definitions.records()).toEqual([])
    })

    it("removes a definition with its versions", async () => {
      const { definitions } = opened
      await definitions.apply([
        { kind: "put-record", record: record() },
        { kind: "add-version", version: version(1, "1.0") },
      ])
      await definitions.apply([{ kind: "delete", key: orders }])
      expect(await definitions.records()).toEqual([])
      expect(await definitions.version(orders, null)).toBeNull()
    })

    it("tells of a definition's runs: how many, the last, and how many of thirty days' succeeded", async () => {
      const { definitions, store } = opened
      const now = 100 * day
      expect(await definitions.hasRuns(orders)).toBe(false)
      const end = async (id: string, at: number, how: "completed" | "failed" | "open", row = {}) => {
        const history = new RunHistory(id, at, row)
        await durable(store, history.created(), history.started())
        if (how === "completed") await durable(store, history.completed())
        if (how === "failed") await durable(store, history.failed("boom"))
      }
      await end("run_1", now - day, "completed")
      await end("run_2", now - day, "completed")
      await end("run_3", now - 2 * day, "failed")
      await end("run_4", now - 40 * day, "failed")
      await end("run_5", now - 10, "open")
      await end("run_6", now - day, "failed", { environment: "prod" })
      const stats = await definitions.stats("default", "default", ["orders", "never"], now)
      expect(stats.get("orders")).toEqual({ runCount: 5, lastRunAt: now - 10, successRate30d: 2 / 3 })
      expect(stats.get("never")).toEqual({ runCount: 0, lastRunAt: null, successRate30d: null })
      expect(await definitions.hasRuns(orders)).toBe(true)
    })
  })
}
