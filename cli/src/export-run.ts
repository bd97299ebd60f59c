/** Writes one JSON document of everything there is about a run, page by page, so that a long history fits. */
import type { Client } from "@waybill/sdk"
import { openSink } from "./file-sink.ts"
import { everyApprovalState } from "./find-approval.ts"
import { pages } from "./pages.ts"
import type { Terminal } from "./terminal.ts"

export interface ExportCounts {
  readonly steps: number
  readonly approvals: number
  readonly events: number
}

/** `file` null: to standard output. */
export async function exportRun(
  terminal: Terminal,
  client: Client,
  runId: string,
  file: string | null,
): Promise<ExportCounts> {
  // Asked first: a run that does not exist leaves no file behind.
  const run = await client.runs.get(runId)
  const sink = await openSink(terminal, file)
  await sink.write(`{"format":"waybill-run-export/1","exportedAt":"${new Date(terminal.now()).toISOString()}",`)
  await sink.write(`"run":${JSON.stringify(run)},"timeline":${JSON.stringify(await client.runs.timeline(runId))}`)
  const limit = 200
  const list = async (name: string, source: AsyncGenerator<readonly unknown[]>): Promise<number> => {
    let count = 0
    await sink.write(`,${JSON.stringify(name)}:[`)
    for await (const items of source) {
      for (const item of items) await sink.write(`${count++ === 0 ? "" : ","}\n${JSON.stringify(item)}`)
    }
    await sink.write("]")
    return count
  }
  const counts = {
    steps: await list(
      "steps",
      pages((cursor) => client.runs.steps(runId, { limit, cursor })),
    ),
    approvals: await list(
      "approvals",
      pages((cursor) => client.runs.approvals(runId, { limit, cursor, state: everyApprovalState })),
    ),
    events: await list(
      "events",
      pages((cursor) => client.runs.events(runId, { limit, cursor })),
    ),
  }
  await sink.write("}\n")
  await sink.end()
  return counts
}
