/**
 * The quick start is run as it stands: its first command as a process of its own, every other line in a shell, in the
 * order of the page. Only what differs from reader to reader is put in: the port, the ids, and a copy of the examples,
 * because the page adds a file there.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { readProjectFile } from "../../scripts/checks/files.ts"
import { ROOT } from "../../scripts/setup/root.mjs"
import { run } from "../../scripts/setup/run.mjs"
import { npmStart, type Started } from "../e2e/started.ts"
import { fencedBlocks } from "./fenced-blocks.ts"

const PAGE = "docs/guides/quick-start.md"
const MINUTE_MS = 60_000

const blocks = fencedBlocks(PAGE, readProjectFile(PAGE))
const shellLines = blocks
  .filter(({ language }) => language === "sh")
  .flatMap(({ line, text }) =>
    text
      .trimEnd()
      .split("\n")
      .map((command, index) => [`${PAGE}:${line + index}`, command] as const),
  )

describe("the quick start", () => {
  let folder: string
  let started: Started
  let url: string
  let env: NodeJS.ProcessEnv

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "waybill-quick-start-"))
    cpSync(join(ROOT, "examples"), join(folder, "examples"), {
      recursive: true,
      filter: (path) => !path.includes(".runtime"),
    })
    const environments = join(folder, "examples", "environments")
    started = npmStart(["--port", "0", "--data", join(folder, "data")], { WAYBILL_ENVIRONMENTS_DIR: environments })
    const [, address = ""] = await started.said(/^waybill +(http:[^\s,]+),/m)
    const [, runId] = await started.said(/^run +(run_\w+): incident-triage/m)
    const [, approvalId] = await started.said(/npx waybill approvals approve (appr_\w+)/)
    url = address
    env = { ...process.env, WAYBILL_URL: url, RUN: runId, APPROVAL: approvalId }
    const workflow = blocks.find(({ language, text }) => language === "yaml" && text.startsWith("id: nightly-orders"))
    writeFileSync(join(environments, "default", "workflows", "nightly-orders.workflow.yaml"), workflow?.text ?? "")
  }, 2 * MINUTE_MS)

  afterAll(async () => {
    await started?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test("begins with npm start", () => {
    expect(shellLines[0]?.[1]).toBe("npm start")
  })

  test.each(shellLines.slice(1))("%s %s", { timeout: MINUTE_MS }, async (_place, command) => {
    const here = command
      .replaceAll("http://127.0.0.1:7420", url)
      .replaceAll("examples/environments/", join(folder, "examples/environments/"))
    const { code, output } = await run("bash", ["-c", here.replace(/^curl /, "curl --silent --show-error --fail ")], {
      env,
    })
    expect(code, output).toBe(0)
    expect(output.trim()).not.toBe("")
  })

  test("the approval in it let the run go on to its end", { timeout: MINUTE_MS }, async () => {
    await started.said(/^result +run_\w+ is COMPLETED/m)
    await started.said(/^effect /m)
  })
})
