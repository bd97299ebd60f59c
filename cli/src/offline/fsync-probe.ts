/** How long the disk takes to keep a small write: what every commit waits for. */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"
import { performance } from "node:perf_hooks"

const WRITES = 51
const BYTES = 4_096

/** Median in milliseconds, measured in this folder. */
export function fsyncMedianMs(folder: string): number {
  const path = join(folder, `.fsync-probe-${process.pid}`)
  const file = openSync(path, "wx")
  const block = Buffer.alloc(BYTES, 1)
  try {
    const times = Array.from({ length: WRITES }, () => {
      const began = performance.now()
      writeSync(file, block)
      fdatasyncSync(file)
      return performance.now() - began
    })
    return times.sort((a, b) => a - b)[Math.floor(WRITES / 2)]!
  } finally {
    closeSync(file)
    rmSync(path, { force: true })
  }
}
