import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { describe, expect, it } from "vitest"

const writer = fileURLToPath(new URL("../../engine/src/testing/processes/store-writer.ts", import.meta.url))
const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href

/** kill −9 leaves the page cache alone and proves nothing about the disk: the calls themselves are looked at (rule 25). */
describe("a commit", () => {
  it("is answered only after the log was synced behind its last write", async () => {
    const folder = mkdtempSync(join(tmpdir(), "waybill-sync-"))
    const trace = join(folder, "trace")
    const batches = 40
    try {
      await run("strace", [
        ...["-f", "-y", "-o", trace, "-e", "trace=pwrite64,write,writev,fsync,fdatasync"],
        ...[process.execPath, "--import", loader, writer, join(folder, "data"), "a", String(batches)],
      ])
      const lines = readFileSync(trace, "utf8").split("\n")
      let dirty = false
      let synced = 0
      let answers = 0
      for (const line of lines) {
        if (/pwrite64\(\d+<[^>]*waybill\.db-wal>/.test(line)) dirty = true
        if (/f(data)?sync\(\d+<[^>]*waybill\.db-wal>/.test(line)) {
          dirty = false
          synced += 1
        }
        if (!/ write\(1<[^>]*>, "\d+\\n"/.test(line)) continue
        answers += 1
        expect(dirty, `answer ${answers} came before the sync of its commit`).toBe(false)
        expect(synced).toBeGreaterThanOrEqual(answers)
      }
      expect(answers).toBe(batches)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] })
    child.on("error", () => reject(new Error(`${command} is missing: install it with the system's package manager`)))
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))))
  })
}
