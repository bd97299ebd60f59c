/**
 * The page on the command line is run as it stands: every command in it in the order of the page, against a real server
 * with the example's service. Every line it shows has to be in the answer; and it tells of every command and option.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createProgram, everyCommand } from "../../cli/src/program.ts"
import { start } from "../../cli/src/testing/built-waybill.ts"
import { fakeTerminal } from "../../cli/src/testing/fake-terminal.ts"
import { readProjectFile } from "../../scripts/checks/files.ts"
import { documentedCommands, typedCommands, withoutChance } from "./cli-page.ts"
import { type CliWorld, openCliWorld } from "./cli-world.ts"

const PAGE = "docs/reference/cli.md"
const MINUTE_MS = 60_000
const page = readProjectFile(PAGE)

type Offered = ReturnType<typeof createProgram>

const commands = everyCommand(createProgram({ terminal: fakeTerminal(), code: 0, session: null })).filter(
  (command) => command.commands.length === 0,
)
const pathOf = (command: Offered): string =>
  command.parent === null ? "" : `${pathOf(command.parent)} ${command.name()}`.trim()
const shared = new Set(["--json", "--url", "--workspace", "--no-color"])

describe("the page tells of what is offered", () => {
  const documented = documentedCommands(page)

  test("every command has its place, and no other", () => {
    expect(documented.map(({ command }) => command).sort()).toEqual(commands.map(pathOf).sort())
  })

  test.each(commands.map((command) => [pathOf(command), command] as const))("%s, with each option", (path, command) => {
    const told = documented.find((one) => one.command === path)
    const options = command.options
      .filter(({ long }) => !shared.has(long ?? ""))
      .map(({ flags, description, defaultValue }) => {
        const isSaid = defaultValue !== undefined && defaultValue !== true
        return [flags, isSaid ? `${description} (default ${defaultValue})` : description]
      })
    expect(told?.usage).toBe(`waybill ${path} ${command.usage()}`)
    expect(told?.options).toEqual(options)
  })

  test.each([...shared])("%s, which all have", (flag) => {
    expect(page).toContain(`| \`${flag}`)
  })
})

describe("what is typed on the page does what the page shows", () => {
  let world: CliWorld
  beforeAll(async () => {
    world = await openCliWorld()
  }, 2 * MINUTE_MS)
  afterAll(() => world?.close())

  const typed = typedCommands(PAGE, page)
  const lines = typed.map((one) => [`${PAGE}:${one.line}`, one.command, one] as const)

  test.each(lines)("%s  %s", { timeout: MINUTE_MS }, async (_place, command, { shown, exitCode, isServer }) => {
    const { code, output } = isServer ? await served(command, world.folder) : await world.shell(command)
    expect(code, output).toBe(exitCode)
    const answered = new Set(output.split("\n").map(withoutChance))
    const missing = shown.filter((line) => !answered.has(withoutChance(line)))
    expect(missing, output).toEqual([])
  })
})

/** Until it is ready, on a port and a data directory of its own, then asked to end. */
async function served(command: string, cwd: string) {
  const args = [...command.split(" ").slice(1), "--port", "0", "--data-dir", `own-${command.replaceAll(" ", "-")}`]
  const server = start(args, { cwd, env: { WAYBILL_ENVIRONMENTS_DIR: "examples/environments" } })
  await server.said(/^Waybill is at http/m)
  server.signal("SIGTERM")
  const { code, out, err } = await server.ended
  return { code, output: out + err }
}
