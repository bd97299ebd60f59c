/** On what it was measured: every table is worth only as much as this line. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
import { cpus, loadavg, tmpdir, totalmem } from "node:os"
import { join } from "node:path"
import { percentile } from "./numbers.ts"

export function machineLine(): string {
  return `${machine()}\n${durability}`
}

function machine(): string {
  const { p50, p99 } = fsyncTimes()
  const [processor] = cpus()
  return [
    `${cpus().length} cores (${processor?.model ?? "unknown"})`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node ${process.versions.node}`,
    `fdatasync of 4 KiB p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
    `load average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")}`,
  ].join(" · ")
}

/** What an answer has waited for in every table. */
const durability =
  "Waybill: SQLite, WAL, synchronous=FULL, every step in a commit of its own before it goes on; agents in a thread (default)"

/** Appends as a log does, in the folder where the benches keep their data. */
function fsyncTimes(): { readonly p50: number; readonly p99: number } {
  const folder = mkdtempSync(join(tmpdir(), "waybill-bench-"))
  const file = openSync(join(folder, "log"), "w")
  const page = Buffer.alloc(4_096, 1)
  const times: number[] = []
  try {
    for (let round = 0; round < 300; round++) {
      writeSync(file, page)
      const at = performance.now()
      fdatasyncSync(file)
      times.push(performance.now() - at)
    }
  } finally {
    closeSync(file)
    rmSync(folder, { recursive: true, force: true })
  }
  return { p50: percentile(times, 50), p99: percentile(times, 99) }
}
