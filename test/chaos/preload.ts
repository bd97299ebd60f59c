/** Small libraries that stand between a process and its system (LD_PRELOAD): compiled from the C beside, once a process. */
import { execFileSync } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** @param name `disk-faults`: its source is `disk-faults.c`. @returns the library's path */
export function preloadOf(name: string): string {
  const source = fileURLToPath(new URL(`./${name}.c`, import.meta.url))
  const library = join(mkdtempSync(join(tmpdir(), "waybill-chaos-")), `${name}.so`)
  try {
    execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"])
  } catch (error) {
    throw new Error("these tests need a C compiler (cc), as the install of better-sqlite3 does", { cause: error })
  }
  return library
}
