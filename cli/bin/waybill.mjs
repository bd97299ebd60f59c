#!/usr/bin/env -S node --max-semi-space-size=32
/**
 * The command `waybill`: the built command line, or a word on how to build it. Half of what a run allocates lives for
 * one commit; with twice Node's young generation a server makes 8 % more runs a second (`bench/throughput.mts`).
 */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const built = new URL("../../dist/waybill.js", import.meta.url)
if (existsSync(fileURLToPath(built))) await import(built.href)
else {
  console.error("Waybill is not built yet: npm run build")
  process.exitCode = 1
}
