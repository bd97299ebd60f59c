/** `serve` and `dev`: the server as this process. What it answers to signals and errors is the server's own affair. */
import type { RunningServer } from "@waybill/server"
import { serve as runServer } from "@waybill/server"
import { CommandFailure } from "../failure.ts"
import type { ServeOptions } from "../serve-options.ts"
import type { Session } from "../session.ts"
import { logLine } from "../show/log-line.ts"

/** Resolves with the exit code when the server has ended. */
export async function serve(session: Session, options: ServeOptions, { watch }: { watch: boolean }): Promise<number> {
  const { terminal, json, style } = session
  const complaints: string[] = []
  const code = await runServer({
    env: terminal.env,
    directory: terminal.cwd,
    overrides: {
      ...(options.port !== undefined && { port: options.port }),
      ...(options.host !== undefined && { host: options.host }),
      ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
      ...(options.environments !== undefined && { environmentsDir: options.environments }),
      ...(watch && { watch }),
    },
    complain: (line) => complaints.push(line),
    ready: (server) => announce(session, server, watch),
    // Machines read the log as JSON lines; people at a terminal read it as lines.
    ...(terminal.isTty && !json && { logTo: { write: (line: string) => terminal.write(logLine(style, line)) } }),
  })
  if (complaints.length === 0) return code
  const [detail, ...hints] = complaints
  throw new CommandFailure({
    code: "server_not_started",
    detail: detail!,
    hint: hints.join("\n") || null,
    exitCode: code,
  })
}

function announce({ json, printLine, print, style, terminal }: Session, { url }: RunningServer, watch: boolean): void {
  if (json) return printLine({ kind: "ready", url, pid: process.pid })
  print(`Waybill is at ${terminal.isTty ? style.bold(url) : url}\n`)
  if (watch) print("what you save under the environments is live at once; Ctrl-C ends it\n")
}
