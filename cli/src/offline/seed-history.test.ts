import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { runCli } from "../program.ts"
import { fakeTerminal } from "../testing/fake-terminal.ts"

const folder = mkdtempSync(join(tmpdir(), "waybill-seed-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function waybill(args: readonly string[], isTty = false) {
  const terminal = fakeTerminal({ cwd: folder, isTty })
  const code = await runCli(["seed", ...args], terminal)
  return { code, out: terminal.out(), err: terminal.err() }
}

describe("`seed --history`", () => {
  const period = ["--days", "3", "--until", "2026-11-20T12:00:00Z", "--data-dir", "made-up"]

  test("fills the data directory and says with what, on a terminal with how far it is", async () => {
    const { code, out, err } = await waybill(["--history", "20", "--seed", "7", ...period], true)
    expect(code).toBe(0)
    expect(out).toContain("20 runs of 6 workflows")
    expect(out).toContain("from 2026-11-17T12:00:00.000Z to 2026-11-20T12:00:00.000Z (seed 7)")
    expect(err).toContain("20 of 20 runs")
  })

  test("says when that history is there already, and stores another beside it", async () => {
    const again = await waybill(["--history", "20", "--seed", "7", ...period])
    expect([again.code, again.err]).toEqual([1, expect.stringContaining("history_exists")])
    const { code, out } = await waybill(["--history", "5", "--seed", "8", ...period, "--json"])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ runs: 5, workflows: 6, seed: 8, dataDir: join(folder, "made-up") })
  })

  test.each([
    [["--days", "3"], "--days belongs to --history"],
    [["--data-dir", "x"], "--data-dir belongs to --history"],
    [["--history", "0"], "whole number"],
    [["--history", "5", "--days", "99999"], "--days is at most"],
    [["--history", "5", "--until", "soon"], "--until is not a time"],
  ])("%j is wrong use", async (args, says) => {
    const { code, err } = await waybill(args)
    expect([code, err]).toEqual([2, expect.stringContaining(says)])
  })
})
