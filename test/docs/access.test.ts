/** The page on who may is run as it stands: what is typed before the server starts, the server, and what is typed then. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { program, type Running, serve } from "../../cli/src/testing/built-waybill.ts"
import { readProjectFile } from "../../scripts/checks/files.ts"
import { run } from "../../scripts/setup/run.mjs"
import { loadConfig } from "../../server/src/config.ts"
import { typedCommands } from "./cli-page.ts"
import { fencedBlocks } from "./fenced-blocks.ts"

const PAGE = "docs/guides/access.md"
const MINUTE_MS = 60_000
const page = readProjectFile(PAGE)
const typed = typedCommands(PAGE, page)
const at = typed.findIndex(({ isServer }) => isServer)

let folder: string
let server: (Running & { readonly url: string }) | undefined

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-access-page-"))
  for (const part of ["bin", "environments/default"]) mkdirSync(join(folder, part), { recursive: true })
  writeFileSync(join(folder, "bin/waybill"), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`)
  chmodSync(join(folder, "bin/waybill"), 0o755)
})
afterAll(async () => {
  server?.signal("SIGTERM")
  await server?.ended
  rmSync(folder, { recursive: true, force: true })
})

/** One shell for all of them: what is exported stays. Each answer stands behind a line that nothing else prints. */
async function shell(commands: typeof typed, env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> {
  const script = commands.map(({ command }) => `echo "<<<>>>"\n${command}`).join("\n")
  const { WAYBILL_API_KEY: _key, ...inherited } = process.env
  const { code, output } = await run("bash", ["-ec", `cd ${folder}\n${script}`], {
    env: { ...inherited, NO_COLOR: "1", PATH: `${folder}/bin:${process.env.PATH}`, ...env },
  })
  expect(code, output).toBe(0)
  return output.split("<<<>>>\n").slice(1)
}

function holds(commands: typeof typed, answers: readonly string[]): void {
  for (const [i, { command, shown }] of commands.entries())
    for (const line of shown) {
      const pattern = line
        .trim()
        .split("…")
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join(".+")
      expect([command, answers[i]]).toEqual([command, expect.stringMatching(new RegExp(`^${pattern}\\s*$`, "m"))])
    }
}

test("what is typed on the page about who may does what the page shows", { timeout: 2 * MINUTE_MS }, async () => {
  const [before, after] = [typed.slice(0, at), typed.slice(at + 1)]
  holds(before, await shell(before))
  expect(typed[at]?.command).toBe("WAYBILL_AUTH=keys waybill serve")
  server = await serve(["serve"], { cwd: folder, env: { WAYBILL_AUTH: "keys" } })
  holds(after, await shell(after, { WAYBILL_URL: server.url }))
})

test("the provider on the page is a configuration that the server takes", () => {
  const block = fencedBlocks(PAGE, page).find(({ language }) => language === "yml")
  writeFileSync(join(folder, "provider.yaml"), block?.text ?? "")
  const config = loadConfig({ env: { WAYBILL_CONFIG: "provider.yaml" }, directory: folder })
  expect(config.oidc?.groups).toHaveLength(3)
})
