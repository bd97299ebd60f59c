import { rmSync } from "node:fs"
import { join } from "node:path"
import type { Problem, VersionPage, Workflow, WorkflowFile } from "@waybill/contract"
import { expect, test } from "vitest"
import { ask, place } from "./testing/real-server.ts"

const FILE = "workflows/wait.workflow.yaml"
const good = `id: wait
version: "1.0"
states:
  - { name: rest, type: wait, seconds: 1, end: true }
`

test("the file of a workflow is shown as it is now, with its problems at their lines, while the last good version serves", async () => {
  const at = place()
  at.write(FILE, good)
  const server = await at.start()
  const file = async () => (await ask(server.url, "GET", "/workflows/wait/file")).body as WorkflowFile
  expect(await file()).toEqual({
    workflowId: "wait",
    environment: "default",
    file: FILE,
    format: "yaml",
    text: good,
    serves: true,
    problems: [],
  })

  const broken = good.replace("type: wait", "type: wiat")
  at.write(FILE, broken)
  expect(await file()).toMatchObject({ text: broken, serves: false, problems: [{ severity: "error", line: 4 }] })
  expect(((await ask(server.url, "GET", "/workflows/wait")).body as Workflow).text).toBe(good)

  at.write(FILE, good.replace("seconds: 1", "seconds: 2"))
  expect(await file()).toMatchObject({ serves: false, problems: [] })

  rmSync(join(at.folder, "environments", "default", FILE))
  expect(await file()).toMatchObject({ text: null, serves: false, problems: [] })
  await server.close()
  at.remove()
})

test("a version says where it came from, and what was made over the API has no file", async () => {
  const at = place()
  at.write(FILE, good)
  const server = await at.start()
  const document = { id: "wait", version: "2.0", states: [{ name: "rest", type: "wait", seconds: 3, end: true }] }
  await ask(server.url, "PUT", "/workflows/wait?note=longer", document)
  const { items } = (await ask(server.url, "GET", "/workflows/wait/versions")).body as VersionPage
  expect(items).toMatchObject([
    { version: "2.0", source: "api", note: "longer" },
    { version: "1.0", source: "file" },
  ])
  await ask(server.url, "POST", "/workflows", { ...document, id: "made" })
  const answer = await ask(server.url, "GET", "/workflows/made/file")
  expect([answer.status, (answer.body as Problem).code]).toEqual([404, "workflow_has_no_file"])
  expect((await ask(server.url, "GET", "/workflows/nobody/file")).status).toBe(404)
  await server.close()
  at.remove()
})
