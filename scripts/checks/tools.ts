/** Checks that an installed program makes: formatter, compiler, import rules. Its own output is the finding. */
import { join } from "node:path"
import { ROOT } from "../setup/root.mjs"
import { run } from "../setup/run.mjs"
import type { Check } from "./check.ts"

function tool(title: string, program: string, args: readonly string[]): Check {
  return {
    title,
    run: async () => {
      const { code, output } = await run(join(ROOT, "node_modules", ".bin", program), args)
      if (code === 0) return []
      return [output.trimEnd() || `${program} ended with ${code} and said nothing`]
    },
  }
}

export const toolChecks: readonly Check[] = [
  tool("the code is formatted and free of lint", "biome", [
    "check",
    "--error-on-warnings",
    "--max-diagnostics=60",
    ".",
  ]),
  tool("the types hold everywhere", "tsc", ["--noEmit", "-p", "tsconfig.json"]),
  tool("the core compiles without Node and without a browser", "tsc", ["--noEmit", "-p", "tsconfig.core.json"]),
  tool("the types hold in the browser's part", "tsc", ["--noEmit", "-p", "web/tsconfig.json"]),
  tool("the types hold in the browser's tests", "tsc", ["--noEmit", "-p", "test/browser/tsconfig.json"]),
  tool("packages and layers import only what they may, without cycles", "depcruise", [
    "--config",
    ".dependency-cruiser.cjs",
    "--output-type",
    "err-long",
    ...["contract", "engine", "agents", "server", "sdk", "cli", "web"],
  ]),
]
