/**
 * What retention costs with an archive: a made-up history of short runs moves into a folder beside it, as a purge does it.
 * How long that takes, how much of a processor, and how long the engine's thread was held up by it. `-- --runs 20000`;
 * `--data DIR` keeps the history there and works on a copy.
 */
import { cpSync, existsSync } from "node:fs"
import { join, resolve } from "node:path"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { parseArgs } from "node:util"
import { defaultArchiverLimits, defaultRetentionLimits, openArchive, openRetention } from "@waybill/engine"
import { FolderArchive } from "@waybill/engine/adapters/archive/folder-archive"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { blobFolder, openSqlite } from "@waybill/engine/adapters/sqlite/open"
import { systemClock } from "@waybill/engine/adapters/system/clock"
import { seedStore } from "@waybill/server/compose/seed-history"
import { machineLine } from "./lib/machine.ts"
import { timed } from "./lib/numbers.ts"
import { type Row, report } from "./lib/report.ts"
import { freshFolder, removeFolder, waybillLabel } from "./lib/waybill.ts"

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20000" },
    scale: { type: "string", default: "1" },
    rounds: { type: "string", default: "1" },
    data: { type: "string" },
    peers: { type: "boolean", default: false },
  },
  allowNegative: true,
})
const runs = Math.max(500, Math.round(Number(values.runs) * Number(values.scale)))
const dayMs = 86_400_000
const folder = freshFolder()

console.log(machineLine())
try {
  const kept = values.data === undefined ? join(folder, "history") : resolve(values.data)
  if (!existsSync(kept)) {
    const until = Date.now()
    await seedStore({ dataDir: kept, runs, seed: 12, from: until - 90 * dayMs, until: until - 40 * dayMs }, () => {})
  }
  report("Retention with an archive", [
    ...(await purge("without it", join(folder, "plain"), kept, false)),
    ...(await purge("into a folder", join(folder, "archived"), kept, true)),
  ])
} finally {
  removeFolder(folder)
}

/** All of it at once, as the hourly purge would take it. */
async function purge(what: string, dataDir: string, from: string, archive: boolean): Promise<readonly Row[]> {
  cpSync(from, dataDir, { recursive: true })
  const data = openSqlite({ folder: dataDir, blobs: new FileBlobs(blobFolder(dataDir)), port: null, readers: 1 })
  const [clock, log] = [systemClock(), { write: () => {} }]
  const store = new FolderArchive(join(dataDir, "archive"))
  const { archiver, ranges, shelf } = await openArchive(
    { shelf: data.shelf, room: data.room, store, clock, log },
    defaultArchiverLimits,
  )
  const retention = await openRetention(
    {
      ...{ store: data.retention, sampling: data.sampling, eraser: data.eraser, audit: data.audit },
      ...{ archiver, ranges, shelf, clock, log },
      forget: async () => {},
      held: () => false,
      counted: () => true,
    },
    defaultRetentionLimits,
  )
  const policy = { logs: 30, io: 30, events: 30, summaries: null, archive }
  const audit = {
    at: 0,
    actor: "bench",
    credential: "none",
    action: "retention.put",
    target: "",
    door: "",
    address: "",
  }
  const said = { ...audit, workspaceId: "default", outcome: "done", status: 200, requestId: "", detail: null } as const
  await retention.put("default", policy, { note: null, basedOn: null, by: "bench" }, said)
  // The first question starts the readers' thread.
  await retention.preview("default", null)
  const preview = await timed(() => retention.preview("default", null))
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const { ms, cpuMs, value } = await timed(() => retention.purge("default"))
  delay.disable()
  await data.close()
  const gone = value.events.runs
  const row = (name: string, unit: string, number: number, goal?: { readonly atMost: number }, note?: string): Row => {
    const more = { ...(goal !== undefined && { goal }), ...(note !== undefined && { note }) }
    return { what: `${what}: ${name}`, system: waybillLabel, unit, values: [number], ...more }
  }
  const held = `p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms`
  return [
    row(`${gone} runs with ${value.events.events} events`, "s a 100,000 runs", (ms / 1_000 / gone) * 100_000),
    row("of a processor, all threads", "ms a run", cpuMs / gone),
    row("the engine's thread, longest turn", "ms", delay.max / 1e6, { atMost: 50 }, held),
    row("the preview of it", "ms", preview.ms),
  ]
}
