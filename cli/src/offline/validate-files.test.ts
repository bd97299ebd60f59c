import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { fakeTerminal } from "../testing/fake-terminal.ts"
import { ran } from "../testing/recording-server.ts"

const good = `id: good
version: "1.0"
name: Good
start: only
states:
  - { name: only, type: inject, data: { a: 1 }, end: true }
`
const bad = good.replace("start: only", "start: onyl")
const withAgent = (agent: string) => `id: asks
version: "1.0"
name: Asks
start: only
states:
  - name: only
    type: operation
    action: agent.run
    input: { agent: ${agent} }
    resultPath: steps.only
    end: true
`

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-validate-"))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}
const validate = (cwd: string, ...args: string[]) => ran(["validate", ...args], fakeTerminal({ cwd }))

test("needs no server, and a good file is valid", async () => {
  const { code, out, err } = await validate(folderOf({ "good.yaml": good }), "good.yaml")
  expect({ code, out, err }).toEqual({ code: 0, out: "good.yaml: valid, no problems\n", err: "" })
})

test("shows every problem at its place, and ends with 1", async () => {
  const { code, out } = await validate(folderOf({ "bad.yaml": bad }), "bad.yaml")
  expect(code).toBe(1)
  expect(out).toContain("bad.yaml:4:8 error unknown_target")
  expect(out).toContain("  4 │ start: onyl\n    │        ^^^^")
  expect(out).toContain("hint Did you mean `only`?")
  expect(out).toMatch(/bad\.yaml: invalid, 1 error/)
})

test("a folder stands for the workflow files in it, however deep, and for no others", async () => {
  const cwd = folderOf({ "env/a/one.workflow.yaml": good, "env/two.workflow.json": "{}", "env/notes.yaml": bad })
  const { code, out } = await validate(cwd, "env", "--json")
  const report = JSON.parse(out)
  expect(code).toBe(1)
  expect(report.valid).toBe(false)
  expect(report.files.map(({ file, valid }: { file: string; valid: boolean }) => [file, valid])).toEqual([
    ["env/a/one.workflow.yaml", true],
    ["env/two.workflow.json", false],
  ])
})

test("an agent that is not beside the workflows is warned about, and none of them is loaded", async () => {
  const cwd = folderOf({
    "workflows/here.workflow.yaml": withAgent("greeter"),
    "workflows/gone.workflow.yaml": withAgent("gretter"),
    "workflows/other.workflow.yaml": withAgent('"greeter@prod"'),
    "agents/greeter.agent.ts": "throw new Error('an agent was run')",
  })
  expect((await validate(cwd, "workflows/here.workflow.yaml")).out).toContain("no problems")
  expect((await validate(cwd, "workflows/other.workflow.yaml")).out).toContain("no problems")
  const gone = await validate(cwd, "workflows/gone.workflow.yaml")
  expect(gone.code).toBe(0)
  expect(gone.out).toContain("warning unknown_agent")
  expect(gone.out).toContain("Did you mean `greeter`?")
  expect((await validate(cwd, "workflows/gone.workflow.yaml", "--no-agents")).out).toContain("no problems")
})

test("text that is no workflow at all has a place too", async () => {
  const { code, out } = await validate(folderOf({ "broken.yaml": "id: [1,\n" }), "broken.yaml")
  expect(code).toBe(1)
  expect(out).toMatch(/broken\.yaml:\d+:\d+ error/)
})

test("standard input is a file as well", async () => {
  const { code, out } = await ran(["validate", "-"], fakeTerminal({ input: good }))
  expect({ code, out }).toEqual({ code: 0, out: "-: valid, no problems\n" })
})

test("a file or folder with nothing in it is wrong use", async () => {
  const cwd = folderOf({ "empty/notes.txt": "" })
  expect((await validate(cwd, "empty")).code).toBe(2)
  expect((await validate(cwd, "nowhere.yaml")).code).toBe(2)
})
