import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { type ServeOptions, serveOptions } from "../serve-options.ts"

export function serveCommand(program: Command, run: Run): void {
  serveOptions(
    program.command("serve").description("Starts the server and runs until SIGTERM or Ctrl-C, which drain it."),
  ).action(
    perform<ServeOptions>(run, async (session, options) => {
      const { serve } = await import("../offline/serve.ts")
      return serve(session, options, { watch: false })
    }),
  )
}
