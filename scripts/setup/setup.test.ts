import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { entryPoints } from "../build.mjs"
import { ensureTool, findTool } from "./ensure-tool.mjs"
import { differences } from "./install.mjs"
import { requireNode, satisfies } from "./node-version.mjs"
import { headersBesideNode, missingForCompiling, requireToolchain } from "./toolchain.mjs"

const RANGE = ">=20.20 <21 || >=22.14"

describe("the version of Node", () => {
  test.each(["20.20.0", "20.20.2", "20.99.0", "22.14.0", "22.15.1", "24.0.0"])("%s will do", (version) => {
    expect(satisfies(version, RANGE)).toBe(true)
  })

  test.each(["18.20.0", "20.19.9", "21.0.0", "21.7.3", "22.13.9"])("%s will not", (version) => {
    expect(satisfies(version, RANGE)).toBe(false)
  })

  test("a Node that is too old is answered with the one to install", () => {
    expect(() => requireNode("18.20.0")).toThrow(/Waybill needs Node >=20.20 .* this is 18.20.0. Install Node 22/)
  })

  test("a range that nobody taught it to read is an error and not a yes", () => {
    expect(() => satisfies("20.20.0", "~20")).toThrow(/cannot read "~20"/)
  })
})

describe("programs of the system", () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "waybill-tools-"))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const program = (name: string, mode = 0o755) => {
    const file = join(folder, name)
    writeFileSync(file, "#!/bin/sh\n")
    chmodSync(file, mode)
    return file
  }

  test("one that is there is found by its path", () => {
    const file = program("g++")
    expect(findTool("g++", `/nowhere:${folder}`)).toBe(file)
  })

  test("a file that cannot be run is no program", () => {
    program("make", 0o644)
    expect(findTool("make", folder)).toBeUndefined()
  })

  test("a missing one is named with the package that has it", () => {
    expect(() => ensureTool(["chromium", "google-chrome"], "chromium", folder)).toThrow(
      "chromium or google-chrome is missing. On Debian or Ubuntu: apt-get install -y chromium",
    )
  })

  test("without a compiler, and with no SQLite to fetch, one line says what to install", async () => {
    program("make")
    const attempt = requireToolchain({ path: folder, prebuiltExists: async () => false })
    await expect(attempt).rejects.toThrow(
      /a C\+\+ compiler and python3 is missing\. .*apt-get install -y g\+\+ make python3/,
    )
  })

  test("nothing has to be compiled where SQLite can be fetched", async () => {
    await expect(requireToolchain({ path: folder, prebuiltExists: async () => true })).resolves.toBeUndefined()
  })

  test("with all three there is nothing to ask", async () => {
    for (const name of ["g++", "make", "python3"]) program(name)
    expect(missingForCompiling(folder)).toEqual([])
    const prebuiltExists = () => Promise.reject(new Error("asked"))
    await expect(requireToolchain({ path: folder, prebuiltExists })).resolves.toBeUndefined()
  })

  test("Node's headers are taken from beside Node when they are there", () => {
    mkdirSync(join(folder, "include", "node"), { recursive: true })
    expect(headersBesideNode(join(folder, "bin", "node"))).toBeUndefined()
    writeFileSync(join(folder, "include", "node", "node.h"), "")
    expect(headersBesideNode(join(folder, "bin", "node"))).toBe(folder)
  })
})

describe("what is installed", () => {
  const lock = {
    packages: {
      "": {},
      engine: { version: "0.1.0" },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "2.0.0" },
      "node_modules/only-on-macos": { version: "1.0.0", optional: true },
    },
  }

  test("is complete when everything wanted here is there in its version", () => {
    const record = { packages: { "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "2.0.0" } } }
    expect(differences(lock, record)).toEqual([])
  })

  test("is not complete when a package is missing or another version", () => {
    const record = { packages: { "node_modules/b": { version: "2.1.0" } } }
    expect(differences(lock, record)).toEqual(["node_modules/a", "node_modules/b"])
  })
})

test("the bundles are the command line, the agents' host, and every thread of the engine by its name", () => {
  const sources = ["agents/src/worker/entry.ts", "cli/src/main.ts", "engine/src/adapters/sqlite/sqlite-reader-entry.ts"]
  expect(entryPoints([...sources, "engine/src/index.ts"]).map(({ name, file }) => [name, file])).toEqual([
    ["waybill", "cli/src/main.ts"],
    ["agent-host", "agents/src/worker/entry.ts"],
    ["sqlite-reader", "engine/src/adapters/sqlite/sqlite-reader-entry.ts"],
  ])
})
