/**
 * The page of the HTTP API is run as it stands: every curl command, in its order, against a whole server. Put in are the
 * port, and the ids that the answers before have named.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { readProjectFile } from "../../scripts/checks/files.ts"
import { apiFile, apiPage } from "../../scripts/docs/api-routes.ts"
import { run } from "../../scripts/setup/run.mjs"
import type { RunningServer } from "../../server/src/main.ts"
import { type Place, place } from "../../server/src/testing/real-server.ts"
import { fencedBlocks } from "./fenced-blocks.ts"

const PAGE = "docs/reference/api.md"
const blocks = fencedBlocks(PAGE, readProjectFile(PAGE))
const commands = blocks
  .filter(({ language }) => language === "sh")
  .flatMap(({ line, text }) =>
    text
      .trimEnd()
      .split("\n")
      .map((command, index) => [`${PAGE}:${line + index}`, command] as const),
  )

describe("the page of the HTTP API", () => {
  let at: Place
  let server: RunningServer
  const env: NodeJS.ProcessEnv = { ...process.env }

  beforeAll(async () => {
    at = place()
    const definition = blocks.find(({ language }) => language === "yaml")
    writeFileSync(join(at.folder, "release-check.yaml"), definition?.text ?? "")
    server = await at.start()
  })
  afterAll(async () => {
    await server.close()
    at.remove()
  })

  test.each(commands)("%s %s", async (_place, command) => {
    const here = command
      .replaceAll("http://127.0.0.1:7420", server.url)
      .replace(/\bcurl /, "curl --silent --show-error --fail-with-body ")
    const { code, output } = await run("bash", ["-c", `set -o pipefail; cd ${at.folder}; ${here}`], { env })
    expect(code, output).toBe(0)
    expect(output.trim()).not.toBe("")
    if (/-X POST \S+\/(workflow-runs|rerun)( |$)/.test(command)) env.RUN = /"runId":"([^"]+)"/.exec(output)?.[1] ?? ""
    env.BULK = /"bulkId":"([^"]+)"/.exec(output)?.[1] ?? env.BULK
    env.APPROVAL = /"approvalId":"([^"]+)"/.exec(output)?.[1] ?? env.APPROVAL
  })

  test("shows every area of the API at least once", () => {
    const shown = commands.map(([, command]) => command).join("\n")
    for (const word of [
      "/workflows/validate",
      "/rollback",
      "/signals",
      "/approve",
      "/context/diff",
      "/stream",
      "/rerun",
      "/workflow-runs/query",
      "/histogram",
      "/export",
      "/bulk",
      "/expr",
      "/sync",
      "/admin/backup",
      "/metrics",
    ]) {
      expect(shown).toContain(word)
    }
  })

  test("lists every route of the server with its role", async () => {
    expect(readFileSync(apiFile, "utf8")).toBe(await apiPage())
  })
})
