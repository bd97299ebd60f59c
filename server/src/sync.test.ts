/** Files to definitions over the door that `waybill sync` uses: a plan, all of it or nothing, and no harm (W19, rule 35). */
import { renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const note = (id: string, text = "kept", version = "1.0") =>
  `id: ${id}\nversion: "${version}"\nname: ${id}\nstates:\n  - { name: keep, type: inject, data: { text: ${text} }, end: true }\n`

describe("sync", () => {
  let at: Place
  let server: RunningServer
  const file = (id: string) => `workflows/${id}.workflow.yaml`
  const folder = () => join(at.folder, "environments", "default")
  const remove = (...ids: string[]) => {
    for (const id of ids) rmSync(join(folder(), file(id)))
  }
  const sync = async (options: object = {}) => {
    const { status, body } = await ask(server.url, "POST", "/environments/default/sync", options)
    const { changes, ...rest } = body as { changes?: { workflowId: string; action: string }[]; code?: string }
    return { status, ...rest, changes: (changes ?? []).map(({ workflowId, action }) => `${action} ${workflowId}`) }
  }
  const serves = async (id: string) => {
    const { body } = await ask(server.url, "GET", `/workflows/${id}`)
    const { status, syncState, versionNumber } = body as { status: string; syncState: string; versionNumber: number }
    return `${status} ${syncState} #${versionNumber}`
  }

  beforeAll(async () => {
    at = place()
    for (const id of ["a", "b", "c"]) at.write(file(id), note(id))
    server = await at.start()
  })
  beforeEach(async () => {
    for (const id of ["a", "b", "c"]) at.write(file(id), note(id))
    expect((await sync({ force: true })).status).toBe(200)
  })
  afterAll(async () => {
    await server.close()
    at.remove()
  })

  test("compares content, never version strings: a changed body under the same version is a change", async () => {
    expect((await sync()).changes).toEqual(["unchanged a", "unchanged b", "unchanged c"])
    const before = await serves("a")
    at.write(file("a"), note("a", "other"))
    expect((await sync({ dryRun: true })).changes).toEqual(["update a", "unchanged b", "unchanged c"])
    expect(await serves("a")).toBe(before)
    expect((await sync()).changes).toEqual(["update a", "unchanged b", "unchanged c"])
    expect(await serves("a")).not.toBe(before)
  })

  test("takes all of it or nothing: one bad file, and nothing is changed", async () => {
    const before = await serves("a")
    at.write(file("a"), note("a", "better"))
    at.write(file("b"), "id: b\nstates: 7\n")
    expect(await sync()).toMatchObject({ applied: false, refused: { code: "sync_invalid" } })
    expect([await serves("a"), await serves("b")]).toEqual([before, expect.stringMatching(/^active/)])
  })

  test("that would disable more than half needs to be told so", async () => {
    remove("a", "b")
    expect(await sync()).toMatchObject({ applied: false, refused: { code: "prune_required" } })
    expect(await serves("a")).toMatch(/^active synced/)
    expect((await sync({ prune: true })).changes).toEqual(["unchanged c", "disable a", "disable b"])
    expect(await serves("a")).toMatch(/^disabled file_missing/)
  })

  test("takes a folder that is not there for a mistake, not for an empty one", async () => {
    renameSync(folder(), `${folder()}-away`)
    const refused = await sync({ prune: true })
    renameSync(`${folder()}-away`, folder())
    expect(refused).toMatchObject({ applied: false, refused: { code: "environment_missing" } })
    for (const id of ["a", "b", "c"]) expect(await serves(id)).toMatch(/^active synced/)
  })

  test("leaves a workflow that was changed over the API to whoever says which side wins", async () => {
    const saved = await ask(server.url, "PUT", "/workflows/a", note("a", "by hand"))
    expect(saved.status).toBe(200)
    expect(await serves("a")).toMatch(/diverged/)
    at.write(file("a"), note("a", "by file"))
    expect(await sync()).toMatchObject({ applied: false, refused: { code: "sync_conflict" } })
    expect((await sync({ force: true })).changes).toContain("update a")
    expect(await serves("a")).toMatch(/^active synced/)
  })

  test("keeps what a person disabled, and brings back what only its file had taken along", async () => {
    await ask(server.url, "POST", "/workflows/b/disable")
    remove("c")
    await sync()
    at.write(file("b"), note("b", "newer"))
    at.write(file("c"), note("c"))
    expect((await sync()).changes).toEqual(["unchanged a", "update b", "enable c"])
    expect([await serves("b"), await serves("c")]).toEqual([
      expect.stringMatching(/^disabled synced/),
      expect.stringMatching(/^active synced/),
    ])
    await ask(server.url, "POST", "/workflows/b/enable")
  })

  test("makes new agents' code serve when all of it is applied, not before: neither a dry run nor a refusal does", async () => {
    const agent = (answer: string) => `export default { name: "teller", run: () => ({ answer: "${answer}" }) }`
    const told = async () => {
      const { body } = await ask(server.url, "POST", "/workflow-runs?wait=20", { workflowId: "t" })
      return (body as { output: { answer: string } }).output.answer
    }
    const tell = `id: t\nversion: "1"\nname: t\nstates:\n  - { name: tell, type: operation, action: agent.run, input: { agent: teller } }\n`
    at.write("agents/teller.agent.mjs", agent("old"))
    at.write(file("t"), tell)
    expect((await sync()).changes).toContain("create t")
    expect(await told()).toBe("old")
    at.write("agents/teller.agent.mjs", agent("new"))
    expect(await sync({ dryRun: true })).toMatchObject({ agents: [{ name: "teller", action: "changed" }] })
    expect(await told()).toBe("old")
    at.write(file("b"), "id: b\nstates: 7\n")
    expect(await sync()).toMatchObject({ refused: { code: "sync_invalid" } })
    expect(await told()).toBe("old")
    at.write(file("b"), note("b"))
    expect(await sync()).toMatchObject({ applied: true })
    expect(await told()).toBe("new")
    remove("t")
    rmSync(join(folder(), "agents/teller.agent.mjs"))
    await sync()
  })

  test("does not touch what did not come from files", async () => {
    await ask(server.url, "POST", "/workflows", note("own"))
    expect((await sync()).changes).toEqual(["unchanged a", "unchanged b", "unchanged c"])
    expect(await serves("own")).toBe("active none #1")
  })

  test("a broken file at start is reported, and the last good version serves", async () => {
    at.write(file("a"), "id: a\nstates: 7\n")
    await server.close()
    server = await at.start()
    expect(await serves("a")).toMatch(/^active invalid/)
    expect((await ask(server.url, "POST", "/workflow-runs?wait=20", { workflowId: "a" })).body).toMatchObject({
      status: "COMPLETED",
    })
  })
})
