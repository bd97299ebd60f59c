/** Writes one JSON document of everything there is about a run, page by page, so that a long history fits. */

import { once } from "node:events"
import { createWriteStream } from "node:fs"
import { resolve } from "node:path"
import { finished } from "node:stream/promises"
import type { Client } from "@waybill/sdk"
import { CommandFailure } from "./failure.ts"
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
  const sink =
    file === null
      ? { write: async (text: string) => terminal.write(text), end: async () => {} }
      : await fileSink(terminal, file)
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

async function fileSink(terminal: Terminal, file: string) {
  const stream = createWriteStream(resolve(terminal.cwd, file), { flags: "wx" })
  try {
    await once(stream, "open")
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === "EEXIST"
    throw new CommandFailure({
      code: exists ? "file_exists" : "file_unwritable",
      detail: exists ? `${file} exists already` : `${file} cannot be written: ${(error as Error).message}`,
      hint: exists ? "Name another file, or remove this one." : null,
      exitCode: 2,
    })
  }
  const done = finished(stream)
  done.catch(() => {})
  return {
    async write(text: string): Promise<void> {
      if (!stream.write(text)) await Promise.race([once(stream, "drain"), done])
    },
    async end(): Promise<void> {
      stream.end()
      await done
    },
  }
}
