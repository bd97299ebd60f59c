import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

let server: RecordingServer
beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())
beforeEach(() => server.engine.reset())
const asked = (what: string) => server.engine.asked.filter((one) => one.what === what).map((one) => one.with)

test("`workflows list` and `show` tell versions as label and number", async () => {
  expect((await server.waybill(["workflows", "list", "--env", "prod", "--q", "gr"])).out).toMatch(
    /greet +1\.0 \(#1\) +active/,
  )
  expect(asked("list")).toMatchObject([[{ environment: "prod", q: "gr", status: null, limit: 100 }]])
  expect((await server.waybill(["workflows", "show", "greet"])).out).toContain("1.0 (#1)")
  expect((await server.waybill(["workflows", "show", "greet", "--source"])).out).toBe("id: greet\n")
})

test("`workflows versions` lists the newest first, `diff` compares the newest two or those named", async () => {
  const { out } = await server.waybill(["workflows", "versions", "greet"])
  expect(out.indexOf("1.1")).toBeLessThan(out.indexOf("1.0"))
  const diff = await server.waybill(["workflows", "diff", "greet", "1", "2"])
  expect(diff.out).toBe("greet  1.0 (#1) → 1.1 (#2)\n  /states\n    + []\n")
  const only = await server.waybill(["workflows", "diff", "greet"])
  expect(only.err).toContain("greet has one version")
})

test.each([
  ["disable", "disabled"],
  ["enable", "active"],
])("`workflows %s` does that", async (verb, status) => {
  const { out } = await server.waybill(["workflows", verb, "greet", "--env", "prod"])
  expect(out).toBe(`greet in default is ${status} at 1.0 (#1)\n`)
  expect(asked("setStatus")[0]?.slice(1)).toEqual(["prod", "greet", status, null])
})

test("`workflows rollback` makes the old one the newest", async () => {
  expect((await server.waybill(["workflows", "rollback", "greet", "1"])).out).toContain("(#2)")
  expect(asked("rollback")[0]?.slice(1)).toEqual(["default", "greet", 1, null])
})

test("`agents list` and `show` tell the contract", async () => {
  expect((await server.waybill(["agents", "list"])).out).toMatch(/greeter +loaded/)
  expect((await server.waybill(["agents", "show", "greeter"])).out).toContain('{ "type": "object" }')
  expect((await server.waybill(["agents", "show", "nobody"])).err).toContain("agent_not_found")
})

test("`expr` prints the value and passes run and event on", async () => {
  server.engine.commit("run_1", "run.created", {})
  expect((await server.waybill(["expr", "6 * 7", "--run", "run_1", "--at", "1"])).out).toBe("42\n")
  expect(asked("evaluate")).toEqual([["6 * 7", "run_1", 1]])
})

describe("`sync`", () => {
  test("shows what it did, or with --dry-run would do", async () => {
    const done = await server.waybill(["sync", "prod", "--force", "--prune"])
    expect(done.code).toBe(0)
    expect(done.out).toMatch(/create +workflow +greet +1\.0 +greet\.workflow\.yaml/)
    expect(done.out).toContain("applied")
    expect(asked("sync")[0]?.[1]).toEqual({ environment: "prod", dryRun: false, force: true, prune: true })
    expect((await server.waybill(["sync", "--dry-run"])).out).toContain("not applied, this is only the plan")
  })

  test("ends with 1 when something stands against it, and names the place", async () => {
    const definitions = server.engine.definitions as { sync: unknown }
    const before = definitions.sync
    const problem = {
      code: "unknown_type",
      severity: "error",
      message: "there is no such type",
      file: "a.yaml",
      line: 3,
      column: 5,
      pointer: "",
    }
    definitions.sync = async () => ({
      ok: true,
      position: 0,
      value: {
        environment: "default",
        directory: "d",
        agents: [],
        applied: false,
        refused: { code: "sync_invalid", message: "one workflow is invalid", hint: "mend it" },
        changes: [{ workflowId: "a", file: "a.yaml", action: "invalid", from: null, to: null, problems: [problem] }],
      },
    })
    const { code, out } = await server.waybill(["sync"])
    definitions.sync = before
    expect(code).toBe(1)
    expect(out).toContain("a.yaml:3:5 error unknown_type")
    expect(out).toContain("nothing applied: one workflow is invalid")
  })
})

describe("`seed`", () => {
  const folder = mkdtempSync(join(tmpdir(), "waybill-seed-"))
  mkdirSync(join(folder, "empty"))
  writeFileSync(join(folder, "greet.json"), '{"id":"greet"}')
  writeFileSync(join(folder, "notes.txt"), "no workflow")

  test("saves every workflow of a folder, and leaves alone what is there when asked to", async () => {
    const args = ["seed", "--dir", ".", "--workspace-id", "default", "--project-id", "default"]
    const skipped = await server.waybill([...args, "--skip-existing"], { cwd: folder })
    expect(skipped.out).toMatch(/greet\.json +greet +skipped +#1/)
    expect(asked("save")).toEqual([])
    const saved = await server.waybill(args, { cwd: folder })
    expect(saved.out).toMatch(/greet\.json +greet +unchanged +#1/)
    expect(asked("save")[0]?.[1]).toMatchObject({ workflowId: "greet", text: '{"id":"greet"}', format: "json" })
  })

  test("says which file failed and why, and ends with 1", async () => {
    server.engine.rejection = { code: "definition_invalid", message: "the definition has errors" }
    const { code, out } = await server.waybill(["seed", "--dir", "."], { cwd: folder })
    expect(code).toBe(1)
    expect(out).toMatch(/greet\.json +greet +failed/)
    expect(out).toContain("definition_invalid")
  })

  test("a folder without workflows, or another workspace, is wrong use", async () => {
    for (const args of [
      ["--dir", "empty"],
      ["--dir", "nowhere"],
      ["--workspace-id", "other"],
    ])
      expect((await server.waybill(["seed", ...args], { cwd: folder })).code).toBe(2)
  })
})

describe("upkeep over the admin API", () => {
  test("`verify` ends with 1 when it finds something", async () => {
    const { code, out } = await server.waybill(["verify", "--run", "run_1", "--head", "abc"])
    expect(code).toBe(1)
    expect(out).toMatch(/run_1 +2 +gap/)
    expect(out).toContain("broken: 1 finding in 1 run, 2 events")
    expect(asked("verify")).toEqual([[{ runId: "run_1", head: "abc", archive: false }]])
  })

  test("`fsck`, `rebuild` and `backup` say what came of it", async () => {
    expect(await server.waybill(["fsck"])).toMatchObject({ code: 0, out: "sound: 1 run\n" })
    expect((await server.waybill(["rebuild", "--run", "run_1"])).out).toBe(
      "rebuilt: 1 run, 0 differed from their events\n",
    )
    expect(asked("rebuild")).toEqual([[{ runId: "run_1" }]])
    expect((await server.waybill(["backup", "--name", "b.db"])).out).toBe(
      "/data/backups/b.db: 10 bytes, up to event 2 of the store\n",
    )
    expect((await server.waybill(["backup", "--name", "../b.db"])).code).toBe(2)
  })
})

describe("`completion`", () => {
  const complete = async (...words: string[]) => {
    const { out } = await server.waybill(["completion", "bash"])
    const script = `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _waybill; echo "\${COMPREPLY[@]}"`
    return spawnSync("bash", ["-c", script], { encoding: "utf8" }).stdout.trim().split(" ")
  }

  test("in bash completes commands, their options, and stops where an argument begins", async () => {
    expect(await complete("waybill", "app")).toEqual(["approvals"])
    expect(await complete("waybill", "approvals", "re")).toEqual(["reject", "revise"])
    expect(await complete("waybill", "runs", "rerun", "run_1", "--inp")).toEqual(["--input-patch"])
    expect(await complete("waybill", "completion", "f")).toEqual(["fish"])
  })

  test("knows every command in every shell", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { code, out } = await server.waybill(["completion", shell])
      expect(code).toBe(0)
      for (const name of ["serve", "rollback", "--skip-existing", "delegate"])
        expect(out).toContain(name.replace(shell === "fish" ? /^--/ : /^$/, ""))
    }
  })
})
