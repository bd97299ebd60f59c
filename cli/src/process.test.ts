/** The built program as it is used: processes, signals, exit codes, files, with the whole server behind it. */
import { execFileSync } from "node:child_process"
import { copyFileSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { endAll, folderWith, program, type Running, serve, start, waybill } from "./testing/built-waybill.ts"

const greet = `id: greet
version: "1.0"
name: Greet
start: hello
states:
  - name: hello
    type: operation
    action: agent.run
    input: { agent: greeter, variables: { name: "{{ ctx.name }}" } }
    resultPath: steps.hello
    next: wait_for_go
  - name: wait_for_go
    type: listen
    signal: go
    end: true
`
const files = {
  "environments/default/workflows/greet.workflow.yaml": greet,
  "environments/default/agents/greeter.agent.mjs":
    'export default { run: async ({ name }) => ({ text: "Hello " + name }) }\n',
}

afterAll(endAll)

describe("a server that runs", () => {
  const cwd = folderWith(files)
  const workflow = join(cwd, "environments/default/workflows/greet.workflow.yaml")
  let server: Running & { readonly url: string }
  const here = (...args: string[]) => waybill(args, { cwd, env: { WAYBILL_URL: server.url } })
  const startRun = async () => {
    const { out } = await here("run", "greet", "--set", "name=Ada", "--json")
    return JSON.parse(out).runId as string
  }

  beforeAll(async () => {
    server = await serve(["serve"], { cwd })
  })
  afterAll(async () => {
    server.signal("SIGTERM")
    await server.ended
  })

  test("is the only one on its data directory: the next ends with 3 and names it", async () => {
    const { code, err } = await waybill(["serve"], { cwd, env: { WAYBILL_PORT: "0" } })
    expect(code).toBe(3)
    expect(err).toContain(`process ${server.pid}`)
  })

  test("is the only one on its port: the next ends with 1 and says what to do", async () => {
    const { port } = new URL(server.url)
    const { code, err } = await waybill(["serve", "--port", port], { cwd: folderWith(files) })
    expect(code).toBe(1)
    expect(err).toContain(`another program listens on 127.0.0.1:${port}`)
    expect(err).toContain("WAYBILL_PORT")
  })

  test("Ctrl-C ends the watching and not the run", async () => {
    const runId = await startRun()
    const watching = start(["runs", "watch", runId], { cwd, env: { WAYBILL_URL: server.url } })
    await watching.said(/listens for the signal “go”/)
    watching.signal("SIGINT")
    const { code, err } = await watching.ended
    expect(code).toBe(130)
    expect(err).toContain("the run goes on")
    await here("runs", "signal", runId, "go")
    const after = await here("runs", "watch", runId)
    expect(after.code).toBe(0)
    expect(after.out).toContain("COMPLETED")
  })

  test("`runs events | head` ends quietly when nobody reads on", async () => {
    const runId = await startRun()
    const command = `"${process.execPath}" "${program}" runs events ${runId} --json | head -c 100`
    const env = { ...process.env, WAYBILL_URL: server.url }
    expect(execFileSync("bash", ["-o", "pipefail", "-c", `${command} 2>&1`], { env, encoding: "utf8" })).toHaveLength(
      100,
    )
  })

  test("`sync --watch` brings in what is saved, or says what is wrong with it, until Ctrl-C", async () => {
    const watching = start(["sync", "--watch"], { cwd, env: { WAYBILL_URL: server.url } })
    await watching.said(/watching /)
    writeFileSync(workflow, greet.replace("type: listen", "type: lisen"))
    await watching.said(/greet\.workflow\.yaml:13:11 error unknown_type/)
    writeFileSync(workflow, greet.replace("name: Greet", "name: Greet all"))
    await watching.said(/update +workflow +greet/)
    watching.signal("SIGINT")
    expect((await watching.ended).code).toBe(0)
    expect((await here("workflows", "diff", "greet")).out).toContain('+ "Greet all"')
  })

  test("looks after its store while it runs, and lets nobody else at it", async () => {
    expect(await here("verify")).toMatchObject({ code: 0, out: expect.stringMatching(/^intact: \d+ runs/) })
    expect(await here("fsck")).toMatchObject({ code: 0, out: expect.stringMatching(/^sound/) })
    expect(await here("rebuild")).toMatchObject({ code: 0, out: expect.stringContaining("0 differed") })
    expect(await here("backup", "--name", "live.db")).toMatchObject({ code: 0 })
    const offline = await here("fsck", "--offline")
    expect(offline.code).toBe(3)
    expect(offline.err).toContain(`process ${server.pid}`)
  })

  test("is asked by `doctor`, which says where each setting comes from", async () => {
    const { code, out } = await waybill(["doctor", "--json"], {
      cwd,
      env: { WAYBILL_URL: server.url, WAYBILL_SLOTS_PER_AGENT: "7" },
    })
    const report = JSON.parse(out)
    expect(code).toBe(0)
    expect(report.settings).toContainEqual({ name: "slotsPerAgent", value: "7", source: "WAYBILL_SLOTS_PER_AGENT" })
    expect(report.server).toMatchObject({ answers: true, readiness: { ready: true }, caller: { role: "admin" } })
    expect(report.data).toMatchObject({ folder: join(cwd, ".waybill"), exists: true })
    expect(report.data.fsyncMedianMs).toBeGreaterThan(0)
  })
})

describe("a server that is stopped", () => {
  const cwd = folderWith(files)
  // Nobody listens there, and `--url` is not given: the usual address of this configuration.
  const env = { WAYBILL_PORT: "59999" }

  beforeAll(async () => {
    const server = await serve(["serve"], { cwd })
    await waybill(["run", "greet", "--set", "name=Ada"], { env: { WAYBILL_URL: server.url } })
    server.signal("SIGTERM")
    const { code, out } = await server.ended
    expect(code, out).toBe(0)
  })

  test("has its store looked after on the data directory itself", async () => {
    for (const [command, words] of [
      ["verify", "intact: 1 run"],
      ["fsck", "sound: 1 run"],
      ["rebuild", "rebuilt: 1 run"],
    ] as const) {
      const { code, out, err } = await waybill([command], { cwd, env })
      expect({ command, code }).toEqual({ command, code: 0 })
      expect(out).toContain(words)
      expect(err).toContain("working on the data directory itself")
    }
  })

  test("has its store copied, and the copy is one", async () => {
    const { code, out } = await waybill(["backup", "--name", "copy.db", "--json"], { cwd, env })
    expect(code).toBe(0)
    const { file, bytes } = JSON.parse(out)
    expect(file).toBe(join(cwd, ".waybill", "backups", "copy.db"))
    expect(readFileSync(file).length).toBe(bytes)
  })

  test("is restored from that copy, says that it holds its work back, and goes on when it is told to", async () => {
    const restored = folderWith({ ...files, ".waybill/README": "restored" })
    copyFileSync(join(cwd, ".waybill", "backups", "copy.db"), join(restored, ".waybill", "waybill.db"))
    const server = await serve(["serve"], { cwd: restored })
    const here = (...args: string[]) => waybill(args, { cwd: restored, env: { WAYBILL_URL: server.url } })
    const held = await here("doctor")
    expect(held).toMatchObject({ code: 1, out: expect.stringMatching(/to be mended\n.*waybill resume-all/) })
    expect(await here("resume-all")).toMatchObject({ code: 0, out: "steps are handed to agents again\n" })
    expect(await here("doctor")).toMatchObject({ code: 0, out: expect.stringContaining("all is well") })
    server.signal("SIGTERM")
    await server.ended
  })

  test("is not taken for an empty one where there is none", async () => {
    const { code, err } = await waybill(["fsck"], { cwd: folderWith({}), env })
    expect(code).toBe(3)
    expect(err).toContain("holds no store")
  })

  test("is not worked on when another server was named", async () => {
    const { code, err } = await waybill(["fsck", "--url", "http://127.0.0.1:59999"], { cwd })
    expect(code).toBe(3)
    expect(err).toContain("server_unreachable")
  })
})

test("who watches a run goes on watching when the server was killed and comes back", async () => {
  const cwd = folderWith(files)
  const first = await serve(["serve"], { cwd })
  const env = { WAYBILL_URL: first.url }
  const { out } = await waybill(["run", "greet", "--set", "name=Ada", "--json"], { env })
  const { runId } = JSON.parse(out)
  const watching = start(["runs", "watch", runId], { env })
  await watching.said(/listens for the signal “go”/)
  first.signal("SIGKILL")
  await first.ended
  const second = await serve(["serve", "--port", new URL(first.url).port], { cwd })
  await waybill(["runs", "signal", runId, "go"], { env })
  const { code, out: told } = await watching.ended
  expect(code).toBe(0)
  expect(told.match(/listens for the signal “go”/g)).toHaveLength(1)
  expect(told.match(/signal “go” received/g)).toHaveLength(1)
  expect(told).toContain("COMPLETED")
  second.signal("SIGTERM")
  await second.ended
})

test("a configuration that cannot be used ends with 2 and everything that is wrong", async () => {
  const cwd = folderWith({ "waybill.config.json": '{"prot": 1, "logLevel": "loud"}' })
  const { code, err } = await waybill(["serve"], { cwd })
  expect(code).toBe(2)
  expect(err).toContain("prot")
  expect(err).toContain("logLevel")
})

test("the address of the configuration is the one that is asked", async () => {
  const cwd = folderWith({ "waybill.config.yaml": "port: 59998\n" })
  const { code, err } = await waybill(["runs", "list"], { cwd })
  expect(code).toBe(3)
  expect(err).toContain("http://127.0.0.1:59998")
  expect(err).toContain("waybill.config.yaml")
})

test("`doctor` shows no key, and ends with 3 when no server answers", async () => {
  const sha256 = "5".repeat(64)
  const config = { auth: "keys", keys: [{ name: "ops", sha256, role: "admin", user: "user:ada" }], port: 59_997 }
  const cwd = folderWith({ "waybill.config.json": JSON.stringify(config) })
  const { code, out } = await waybill(["doctor"], { cwd, env: { WAYBILL_API_KEY: "the-secret" } })
  expect(code).toBe(3)
  expect(out).toContain("ops")
  expect(out).not.toContain(sha256)
  expect(out).not.toContain("the-secret")
})

test("`dev` makes what is saved live at once, and shows a mistake at its line", async () => {
  const cwd = folderWith(files)
  const folder = join(cwd, "environments/default/workflows")
  const server = await serve(["dev"], { cwd })
  writeFileSync(
    join(folder, "more.workflow.yaml"),
    greet.replace("id: greet", "id: more").replace("go\n", "go\n    nxt: x\n"),
  )
  await server.said(/more\.workflow\.yaml:12:5: /)
  writeFileSync(join(folder, "more.workflow.yaml"), greet.replace("id: greet", "id: more"))
  await server.said(/"workflows":2,"create":1/)
  expect((await waybill(["workflows", "show", "more"], { env: { WAYBILL_URL: server.url } })).code).toBe(0)
  server.signal("SIGINT")
  expect((await server.ended).code).toBe(0)
})

test("`serve --json` says where it is in a line for programs", async () => {
  const cwd = folderWith(files)
  const server = start(["serve", "--json", "--port", "0", "--data-dir", "elsewhere"], { cwd })
  const [line] = await server.said(/^\{"kind":"ready".*\}$/m)
  expect(JSON.parse(line)).toEqual({ kind: "ready", url: expect.stringMatching(/^http:/), pid: server.pid })
  server.signal("SIGTERM")
  expect((await server.ended).code).toBe(0)
  expect(readFileSync(join(cwd, "elsewhere", "waybill.db")).length).toBeGreaterThan(0)
})

test("a command that needs no server loads nothing of it", () => {
  const seen = new Set<string>()
  const installed = new Set<string>()
  const ours = new Set<string>()
  const visit = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    const { sources } = JSON.parse(readFileSync(`${file}.map`, "utf8")) as { sources: string[] }
    for (const source of sources) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1]
      if (name !== undefined) installed.add(name)
      else ours.add(source.replace(/^(\.\.\/)+/, "").split("/")[0]!)
    }
    // Imports at the top are loaded at once; `import(…)` only when it is reached.
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^;"]*?"([^"]+)";$/gm)) {
      if (name.startsWith(".")) visit(join(dirname(file), name))
      else if (!/^(node:|module$)/.test(name)) installed.add(name)
    }
  }
  visit(program)
  expect([...ours].sort()).toEqual(["cli", "engine", "sdk"])
  expect([...installed]).toEqual(expect.arrayContaining(["cli-table3", "commander", "picocolors"]))
  for (const heavy of ["ajv", "better-sqlite3", "fastify", "pino", "typebox", "yaml"])
    expect(installed).not.toContain(heavy)
})
