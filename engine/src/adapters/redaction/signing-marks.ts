/**
 * What was signed for the first time, in a file beside the key and not in the database: whoever can write there could say
 * that it is still to be done. One name a line; it is no secret.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs"
import { dirname } from "node:path"
import type { SigningMarks } from "../../ports/signing-marks.ts"

export function signingMarks(keyFile: string): SigningMarks {
  const file = `${keyFile}.signed`
  const names = (): readonly string[] => {
    try {
      return readFileSync(file, "utf8")
        .split("\n")
        .map((line) => line.trim())
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return []
      throw error
    }
  }
  return {
    file,
    has: (what) => names().includes(what),
    add(what) {
      const known = names()
      const more = what.filter((one) => !known.includes(one))
      if (more.length === 0) return
      // Lines that a crash cut off are no names, and the next start adds them again.
      const made = openSync(file, "a", 0o600)
      writeSync(made, more.map((one) => `\n${one}\n`).join(""))
      fsyncSync(made)
      closeSync(made)
      const folder = openSync(dirname(file), "r")
      fsyncSync(folder)
      closeSync(folder)
    },
  }
}
