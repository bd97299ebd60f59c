/** What can be said to `serve` and `dev` on the command line; everything else is configuration. */
import { type Command, InvalidArgumentError } from "commander"

export interface ServeOptions {
  readonly port?: number
  readonly host?: string
  readonly dataDir?: string
  readonly environments?: string
}

export function serveOptions(command: Command): Command {
  return command
    .option("--port <port>", "port to listen on, 0 for any free one (WAYBILL_PORT, default 7420)", portOf)
    .option("--host <host>", "address to listen on (WAYBILL_HOST, default 127.0.0.1)")
    .option("--data-dir <folder>", "database, blobs, backups (WAYBILL_DATA_DIR, default .waybill)")
    .option("--environments <folder>", "folder of the environments (WAYBILL_ENVIRONMENTS_DIR, default environments)")
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new InvalidArgumentError("Write a number from 0 to 65535.")
}
