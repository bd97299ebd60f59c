#!/usr/bin/env node
/** The command `waybill`: the built command line, or a word on how to build it. */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const built = new URL("../../dist/waybill.js", import.meta.url)
if (existsSync(fileURLToPath(built))) await import(built.href)
else {
  console.error("Waybill is not built yet: npm run build")
  process.exitCode = 1
}
