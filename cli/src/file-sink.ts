/** A new file that is written piece by piece, no faster than the disk takes it. Never overwrites. */
import { once } from "node:events"
import { createWriteStream } from "node:fs"
import { resolve } from "node:path"
import { finished } from "node:stream/promises"
import { CommandFailure } from "./failure.ts"
import type { Terminal } from "./terminal.ts"

export interface Sink {
  write(part: string | Uint8Array): Promise<void>
  end(): Promise<void>
}

/** `file` null: standard output. */
export async function openSink(terminal: Terminal, file: string | null): Promise<Sink> {
  return file === null
    ? {
        write: async (part) => terminal.write(typeof part === "string" ? part : Buffer.from(part).toString()),
        end: async () => {},
      }
    : await fileSink(terminal, file)
}

async function fileSink(terminal: Terminal, file: string): Promise<Sink> {
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
    async write(part: string | Uint8Array): Promise<void> {
      if (!stream.write(part)) await Promise.race([once(stream, "drain"), done])
    },
    async end(): Promise<void> {
      stream.end()
      await done
    },
  }
}
