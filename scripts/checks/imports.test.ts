import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ROOT } from "../setup/root.mjs"
import { run } from "../setup/run.mjs"

/** A file of a made-up project, and the rules that its import breaks. */
const FILES: readonly (readonly [file: string, text: string, rules: readonly string[]])[] = [
  ["contract/src/index.ts", 'import "../../sdk/src/index.ts"', ["contract-is-a-leaf"]],
  [
    "engine/src/core/pure.ts",
    'import { readFileSync } from "node:fs"\nexport const x = readFileSync',
    ["core-is-pure"],
  ],
  ["engine/src/core/vendors.ts", 'import { parse } from "yaml"\nexport const x = parse', []],
  ["engine/src/core/ids.ts", 'import { ulid } from "ulid"\nexport const x = ulid', ["core-is-pure"]],
  ["engine/src/core/definition/model.ts", "export const x = 1", []],
  [
    "engine/src/core/run/evolve.ts",
    'import { x } from "../definition/model.ts"\nexport const y = x',
    ["evolve-only-assigns"],
  ],
  ["engine/src/ports/store.ts", "export type Store = number", []],
  ["engine/src/ports/wrong.ts", 'import "../runtime/loop.ts"', ["ports-know-the-core"]],
  ["engine/src/runtime/loop.ts", 'import type { Store } from "../ports/store.ts"\nexport type X = Store', []],
  ["engine/src/runtime/wrong.ts", 'import "../adapters/sqlite/store.ts"', ["usecases-and-runtime-see-ports"]],
  ["engine/src/adapters/sqlite/store.ts", 'import Database from "better-sqlite3"\nexport const x = Database', []],
  ["engine/src/adapters/nats/queue.ts", 'import "../sqlite/store.ts"', ["adapters-do-not-meet", "adapters-know-ports"]],
  ["engine/src/adapters/nats/wrong.ts", 'import "../../runtime/loop.ts"', ["adapters-know-ports"]],
  ["engine/src/index.ts", 'export { x } from "./core/definition/model.ts"', []],
  ["engine/src/up.ts", 'import "../../server/src/main.ts"', ["engine-imports-no-neighbour"]],
  ["agents/src/host.ts", 'import "../../engine/src/index.ts"', ["agents-speak-the-port"]],
  ["agents/src/right.ts", 'import type { Store } from "../../engine/src/ports/store.ts"\nexport type X = Store', []],
  ["server/src/main.ts", 'import "../../engine/src/adapters/sqlite/store.ts"', []],
  ["server/src/http/runs/routes.ts", 'import "../../../../engine/src/index.ts"', []],
  ["server/src/http/shared/guard.ts", "export const x = 1", []],
  [
    "server/src/http/admin/routes.ts",
    'import "../shared/guard.ts"\nimport "../runs/routes.ts"',
    ["facades-do-not-meet"],
  ],
  [
    "server/src/http/admin/deep.ts",
    'import "../../../../engine/src/core/definition/model.ts"',
    ["facades-see-the-door", "one-door"],
  ],
  ["sdk/src/index.ts", "export const x = 1", []],
  ["sdk/src/wrong.ts", 'import "../../engine/src/index.ts"', ["sdk-knows-the-contract"]],
  ["cli/src/commands/run.ts", 'import "../../../sdk/src/index.ts"', []],
  ["cli/src/commands/wrong.ts", 'import "../../../engine/src/index.ts"', ["cli-uses-the-sdk"]],
  ["cli/src/offline/verify.ts", 'import "../../../engine/src/index.ts"', []],
  ["web/src/paths.ts", "export const x = 1", []],
  ["web/src/ui/Button.tsx", 'import { useState } from "react"\nexport const x = useState', []],
  [
    "web/src/ui/wrong.tsx",
    'import { useQuery } from "@tanstack/react-query"\nexport const x = useQuery',
    ["web-ui-knows-no-subject"],
  ],
  ["web/src/parts/why/WhyCard.tsx", 'import { x } from "../../paths.ts"\nexport const y = x', []],
  ["web/src/parts/why/wrong.tsx", 'import "../../runs/page.tsx"', ["web-parts-know-no-subject"]],
  ["web/src/page/Link.tsx", 'import { x } from "../paths.ts"\nexport const y = x', []],
  ["web/src/page/wrong.ts", 'import "../runs/page.tsx"', ["web-shared-knows-no-subject"]],
  [
    "web/src/runs/page.tsx",
    'import "../page/Link.tsx"\nimport "../../../sdk/src/index.ts"\nimport type { x } from "../../../contract/src/wire.ts"\nexport type X = typeof x',
    [],
  ],
  ["web/src/run/page.tsx", 'import "../runs/page.tsx"', ["web-subjects-do-not-meet"]],
  ["web/src/run/up.tsx", 'import "../app/main.tsx"', ["web-subjects-do-not-meet"]],
  [
    "web/src/run/value.ts",
    'import { x } from "../../../contract/src/wire.ts"\nexport const y = x',
    ["web-takes-types-of-the-contract"],
  ],
  ["web/src/run/door.ts", 'import "../../../engine/src/index.ts"', ["web-speaks-to-the-api"]],
  ["web/src/app/main.tsx", 'import "../runs/page.tsx"', []],
  ["contract/src/wire.ts", "export const x = 1", []],
  ["cli/src/a.ts", 'import "./b.ts"', ["no-cycles"]],
  ["cli/src/gone.ts", 'import "./nowhere.ts"', ["resolvable"]],
]

interface Violation {
  readonly from: string
  readonly rule: { readonly name: string }
}

describe("import rules", () => {
  let project: string
  let violations: readonly Violation[]

  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), "waybill-imports-"))
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(project, file)), { recursive: true })
      writeFileSync(join(project, file), text)
    }
    for (const [file, text] of FILES) write(file, `${text}\n`)
    // A cycle is told once, at the first of its files.
    write("cli/src/b.ts", 'import "./a.ts"\n')
    write(
      "package.json",
      JSON.stringify({
        dependencies: { yaml: "1", ulid: "1", "better-sqlite3": "1", react: "1", "@tanstack/react-query": "1" },
      }),
    )
    write("tsconfig.json", JSON.stringify({ compilerOptions: { module: "esnext", moduleResolution: "bundler" } }))
    symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"))
    const program = join(ROOT, "node_modules", ".bin", "depcruise")
    const config = join(ROOT, ".dependency-cruiser.cjs")
    const folders = ["contract", "engine", "agents", "server", "sdk", "cli", "web"]
    const { output } = await run(program, ["--config", config, "--output-type", "json", ...folders], { cwd: project })
    violations = JSON.parse(output).summary.violations
  })
  afterAll(() => rmSync(project, { recursive: true, force: true }))

  const broken = (file: string) => [
    ...new Set(violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)),
  ]

  test.each(FILES.filter(([, , rules]) => rules.length > 0))("%s is refused", (file, _text, rules) => {
    expect(broken(file).sort()).toEqual([...rules].sort())
  })

  test.each(FILES.filter(([, , rules]) => rules.length === 0))("%s is allowed", (file) => {
    expect(broken(file)).toEqual([])
  })
})
