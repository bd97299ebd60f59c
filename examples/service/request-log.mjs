/**
 * The request log of one pod: a JSON line per request, written before the answer leaves, in a file of bounded size with
 * one predecessor (`<file>.1`). Agents read these files; nobody else writes them.
 */
import { appendFileSync, renameSync, statSync } from "node:fs"

/** @param {string} file @param {number} bytesMax size at which the file becomes `<file>.1` */
export function openRequestLog(file, bytesMax = 256 * 1024) {
  let bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  return {
    write(entry) {
      const line = `${JSON.stringify(entry)}\n`
      if (bytes > 0 && bytes + line.length > bytesMax) {
        renameSync(file, `${file}.1`)
        bytes = 0
      }
      appendFileSync(file, line)
      bytes += Buffer.byteLength(line)
    },
  }
}
