import { describe, expect, test } from "vitest"
import { ambientUses } from "./ambient.ts"
import { coverageFindings, testTitles } from "./coverage.ts"
import { addresses, loosePins } from "./dependencies.ts"
import { effectsIn } from "./effects.ts"
import { environmentReads } from "./environment.ts"
import { brokenLinks } from "./links.ts"
import { machineNames } from "./machine.ts"

describe("the real clock, chance and process are found (rule 25)", () => {
  const runtime = "engine/src/runtime/x.ts"
  const core = "engine/src/core/x.ts"

  test.each([
    ["const at = Date.now()", "the clock (Date)"],
    ["const at = new Date()", "the clock (Date)"],
    ["const at = Date()", "the clock (Date)"],
    ["const chance = Math.random()", "Math.random"],
    ["setTimeout(wake, 10)", "setTimeout"],
    ["const later = { run: setImmediate }", "setImmediate"],
    ["const home = process.cwd()", "process"],
    ["const id = crypto.randomUUID()", "crypto"],
    ["globalThis.fetch('x')", "globalThis"],
    ['import { randomUUID } from "node:crypto"', "node:crypto"],
    ['import { setTimeout as delay } from "node:timers/promises"', "node:timers/promises"],
  ])("%s", (text, name) => {
    expect(ambientUses(runtime, `const first = 1\n${text}\n`)).toEqual([
      `${runtime}:2 uses ${name}; take it from a port (rule 25)`,
    ])
  })

  test.each([
    "// process.exit() would end us",
    "const child = { process: 1 }; use(child.process)",
    "function step(process: Process) { return process.id }",
    "const { setTimeout } = clock; setTimeout(wake, 10)",
    'import { fetch } from "./fetch.ts"\nfetch()',
    "for (const crypto of all) use(crypto)",
    "const text = new Date(at).toISOString()",
    "type At = Date",
    'import type { KeyObject } from "node:crypto"',
  ])("%s is none of it", (text) => {
    expect(ambientUses(runtime, text)).toEqual([])
  })

  test("the core does not know dates, buffers or a console at all", () => {
    const text = "const a = new Date(1)\nconst b = Buffer.from('')\nconsole.log(a, b)"
    expect(ambientUses(core, text).map((line) => line.split(" ")[0])).toEqual([`${core}:1`, `${core}:2`, `${core}:3`])
  })
})

test("reading the environment is found", () => {
  expect(environmentReads("server/src/x.ts", "a\nconst b = process.env.HOME\nconst c = other.env")).toEqual([
    "server/src/x.ts:2 reads process.env; server/src/config.ts is the only reader",
  ])
})

test("a version range is no pin", () => {
  const manifest = {
    dependencies: { a: "^1.0.0", b: "1.0.0", "@waybill/sdk": "*" },
    devDependencies: { c: "latest", d: "1.0.0-rc.1" },
  }
  expect(loosePins("package.json", manifest)).toEqual([
    "package.json asks for a ^1.0.0; name one version",
    "package.json asks for c latest; name one version",
  ])
})

test("an address in the lock file is found", () => {
  const text = '{\n  "resolved": "https://mirror.example/a.tgz"\n  "resolved": "engine", "link": true\n}'
  expect(addresses("package-lock.json", text)).toEqual([
    'package-lock.json:2 names a registry: "resolved": "https://mirror.example/a.tgz"',
  ])
})

test("a folder of the machine is found, a route or a folder in the project is not", () => {
  const folder = ["", "home", "me", "x"].join("/")
  const host = ["mirror", "internal"].join(".")
  const text = `a\nsee ${folder}.ts\nnpm from ${host}\nGET /api/work/items, ./root/a, \${base}/home/x`
  expect(machineNames("a.md", text)).toEqual([`a.md:2 names ${folder.slice(0, -2)}`, `a.md:3 names ${host}`])
})

describe("links in the docs", () => {
  const pages: Record<string, string> = {
    "docs/guide.md": "# Guide\n\n## Start `npx waybill`\n\n## Start\n\n## Start\n",
    "docs/a.png": "",
  }
  const read = (file: string) => pages[file]

  test.each([
    "[a](guide.md)",
    "[a](../docs/guide.md#start)",
    "[a](guide.md#start-npx-waybill)",
    "[a](guide.md#start-1)",
    "[a](#here)",
    "[a](https://x.org/y)",
    "![a](a.png)",
  ])("%s leads somewhere", (link) => expect(brokenLinks("docs/page.md", `# Here\n${link}\n`, read)).toEqual([]))

  test("a missing page and a missing heading are found, with their line", () => {
    expect(brokenLinks("docs/page.md", "# Here\n[a](gone.md)\n[b](guide.md#end)\n[c](#there)\n", read)).toEqual([
      "docs/page.md:2 links to gone.md: no such file",
      "docs/page.md:3 links to guide.md#end: no such heading",
      "docs/page.md:4 links to #there: no such heading",
    ])
  })

  test("what stands in code is no link", () => {
    expect(brokenLinks("docs/page.md", "```\n[a](gone.md)\n```\nand `[b](gone.md)`\n", read)).toEqual([])
  })
})

describe("the coverage table", () => {
  const project = {
    exists: (path: string) => path === "engine/src",
    titles: (file: string) => (file === "a.test.ts" ? new Set(["a run resumes"]) : undefined),
  }
  const findings = (rows: string[], ids = ["W1"]) => coverageFindings(rows.join("\n"), project, ids)

  test("is right when places and tests are there", () => {
    expect(findings(["| W1 | it | `engine/src` | `a.test.ts` a run resumes |"])).toEqual([])
    expect(findings(["| W1 | it | not yet | not yet |"])).toEqual([])
  })

  test("names a requirement without a row, one with two, and one that does not exist", () => {
    expect(
      findings(
        ["| W2 | it | `engine/src` | not yet |", "| W3 | it | | not yet |", "| W3 | it | | not yet |"],
        ["W1", "W3"],
      ),
    ).toEqual([
      "docs/coverage.md has no row for W1",
      "docs/coverage.md has 2 rows for W3",
      "docs/coverage.md:1 W2 is no requirement and no rule",
    ])
  })

  test("names a place, a file and a title that are not there", () => {
    expect(findings(["| W1 | it | `gone/` | `b.test.ts` x<br>`a.test.ts` a run is lost<br>somewhere |"])).toEqual([
      "docs/coverage.md:1 W1: there is no gone/",
      "docs/coverage.md:1 W1: there is no b.test.ts",
      'docs/coverage.md:1 W1: a.test.ts has no test "a run is lost"',
      'docs/coverage.md:1 W1: write "`file` title of the test", or "not yet"',
    ])
  })

  test("reads titles from the test's syntax, not from its text", () => {
    const placeholder = ["$", "{4}"].join("")
    const text = `test("one", () => { expect("two") })\ntest.each([1])("three %s", f)\nit(\`four ${placeholder}\`, f) // test("five")`
    expect([...testTitles(text)]).toEqual(["one", "three %s", `four ${placeholder}`])
  })
})

describe("an effect of a page says why it must be one", () => {
  test.each([
    ["useEffect(() => listen())", null],
    ["// a subscription\n  useEffect(() => listen())", "// a subscription"],
    ["// said of something else\n  const x = 1\n  React.useLayoutEffect(measure)", null],
    ["/* the size is known only then */\n  useLayoutEffect(measure)", "/* the size is known only then */"],
  ])("%s", (text, why) => {
    const effects = effectsIn("web/src/x.tsx", `export function X() {\n  ${text}\n  return <p />\n}\n`)
    expect(effects.map((effect) => effect.why)).toEqual([why])
  })

  test("what only sounds like one is none", () => {
    expect(
      effectsIn("web/src/x.ts", "const run = useEffectEvent(f)\n// useEffect(f)\nimport { useEffect } from 'react'"),
    ).toEqual([])
  })
})
