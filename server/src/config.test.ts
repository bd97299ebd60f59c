import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { ConfigError, type ConfigRequest, isLoopback, loadConfig, printableConfig } from "./config.ts"

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "waybill-config-"))
})
afterEach(() => rmSync(directory, { recursive: true }))

const load = (env: ConfigRequest["env"] = {}, overrides?: ConfigRequest["overrides"]) =>
  loadConfig({ env, directory, ...(overrides && { overrides }) })

function problems(env: ConfigRequest["env"] = {}): readonly string[] {
  try {
    load(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const write = (name: string, text: string) => writeFileSync(join(directory, name), text)
const key = { name: "ci", sha256: "a".repeat(64), role: "operator" }

describe("the configuration", () => {
  test("without any is a server for this machine alone", () => {
    expect(load()).toMatchObject({
      port: 7420,
      host: "127.0.0.1",
      auth: "open",
      openActor: { id: "user:local", teams: [] },
      dataDir: join(directory, ".waybill"),
      environmentsDir: join(directory, "environments"),
    })
  })

  test("takes the file over defaults, variables over the file, the command line over all, and knows which it was", () => {
    write("waybill.config.json", '{"port": 1, "host": "127.0.0.2", "logLevel": "debug"}')
    const config = load({ WAYBILL_PORT: "2", WAYBILL_HOST: "127.0.0.3" }, { host: "localhost" })
    expect(config).toMatchObject({ port: 2, host: "localhost", logLevel: "debug" })
    expect(config.sources).toMatchObject({
      port: "WAYBILL_PORT",
      host: "command line",
      logLevel: join(directory, "waybill.config.json"),
      auth: "default",
    })
  })

  test("reads YAML, and paths of a file start where the file lies", () => {
    mkdirSync(join(directory, "etc"))
    write(
      "etc/waybill.yaml",
      `dataDir: data\nkeys:\n  - name: ci\n    sha256: "${"a".repeat(64)}"\n    role: operator\nauth: keys\n`,
    )
    const config = load({ WAYBILL_CONFIG: "etc/waybill.yaml", WAYBILL_ENVIRONMENTS_DIR: "env" })
    expect(config).toMatchObject({
      auth: "keys",
      dataDir: join(directory, "etc/data"),
      environmentsDir: join(directory, "env"),
    })
  })

  test.each([
    ["an unknown setting names the nearest", '{"prot": 1}', {}, /"prot" is not known here\. Did you mean "port"\?/],
    [
      "an unknown field of a key too",
      JSON.stringify({ keys: [{ ...key, rol: "x" }] }),
      {},
      /keys\/0\/rol.*Did you mean "role"/,
    ],
    [
      "a wrong type names the setting and the file",
      '{"port": "x"}',
      {},
      /waybill\.config\.json: port: must be integer/,
    ],
    ["a wrong value lists what is allowed", '{"logLevel": "loud"}', {}, /must be one of debug, info, warn, error/],
    ["a key that is no hash", JSON.stringify({ keys: [{ ...key, sha256: "secret" }] }), {}, /keys\/0\/sha256/],
    ["broken JSON names line and column", '{\n  "port": }', {}, /waybill\.config\.json:2:\d+/],
    ["a duplicate key", '{"port":1,"port":2}', {}, /port/],
    ["a list is no configuration", "[]", {}, /object of settings/],
    ["an unknown variable names the nearest", "{}", { WAYBILL_PROT: "1" }, /WAYBILL_PROT is no variable.*WAYBILL_PORT/],
    ["a variable that is no number", "{}", { WAYBILL_PORT: "80a" }, /WAYBILL_PORT: port: must be integer/],
    ["a variable of a later release", "{}", { WAYBILL_NATS_URL: "nats://x" }, /WAYBILL_NATS_URL: not supported yet/],
    ["a store of a later release", "{}", { WAYBILL_STORE_URL: "postgres://x" }, /not supported yet/],
    ["a way to sign in that is none", "{}", { WAYBILL_AUTH: "saml" }, /must be one of open, keys, oidc/],
    ["a provider that nobody named", "{}", { WAYBILL_AUTH: "oidc" }, /`oidc` does not say which provider/],
    [
      "a provider without TLS",
      JSON.stringify({
        auth: "oidc",
        baseUrl: "https://waybill.example.com",
        oidc: { issuer: "http://id.example.com", clientId: "w", groups: [{ group: "g", role: "viewer" }] },
      }),
      {},
      /the issuer is not https/,
    ],
    ["a wide bind without auth", "{}", { WAYBILL_HOST: "0.0.0.0" }, /can be reached from other machines/],
    ["two keys of one name", JSON.stringify({ auth: "keys", keys: [key, key] }), {}, /two keys are called "ci"/],
    [
      "a key whose role its scope opens nothing to",
      JSON.stringify({ auth: "keys", keys: [{ ...key, role: "viewer", scopes: ["runs:read", "runs:write"] }] }),
      {},
      /the key "ci" is a viewer, to whom its scope runs:write opens nothing: give it the role operator, or leave/,
    ],
    ["a file that is not there", "{}", { WAYBILL_CONFIG: "nowhere.json" }, /nowhere\.json, which is not there/],
  ] as const)("%s", (_name, text, env, expected) => {
    write("waybill.config.json", text)
    expect(problems(env).join("\n")).toMatch(expected)
  })

  test("says everything that is wrong at once", () => {
    write("waybill.config.json", '{"port": "x", "hots": 1}')
    expect(problems({ WAYBILL_LOG_LEVEL: "loud" })).toHaveLength(3)
  })

  test("two files are one too many", () => {
    write("waybill.config.json", "{}")
    write("waybill.config.yaml", "")
    expect(problems().join()).toMatch(/several configurations/)
  })

  test("variables of the command line and switched-off parts are no errors", () => {
    expect(
      problems({
        WAYBILL_API_KEY: "k",
        WAYBILL_URL: "http://x",
        WAYBILL_NATS_EMBEDDED: "false",
        WAYBILL_PORT: "",
        OTHER: "1",
      }),
    ).toEqual([])
  })

  test("a wide bind with keys is allowed", () => {
    write("waybill.config.json", JSON.stringify({ auth: "keys", keys: [key], host: "0.0.0.0" }))
    expect(load().host).toBe("0.0.0.0")
  })

  test("variables that runs record are taken when they are set", () => {
    const config = load({ WAYBILL_RECORD_ENV: "REGION, NOTHING", REGION: "eu" })
    expect(config.recordedEnv).toEqual({ REGION: "eu" })
  })

  test("what is printed hides the hashes of keys and secrets, and says where each setting came from", () => {
    write("waybill.config.json", JSON.stringify({ auth: "keys", keys: [key] }))
    const printed = printableConfig(load({ WAYBILL_PORT: "8000", WAYBILL_OIDC_CLIENT_SECRET: "told to nobody" }))
    expect(JSON.stringify(printed)).not.toContain(key.sha256)
    expect(JSON.stringify(printed)).not.toContain("told to nobody")
    expect(printed).toContainEqual({ name: "port", value: "8000", source: "WAYBILL_PORT" })
    expect(printed.find((one) => one.name === "keys")?.value).toContain('"name":"ci"')
  })
})

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["localhost", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["10.0.0.1", false],
  ["127.0.0.1.evil.example", false],
])("%s is this machine alone: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
