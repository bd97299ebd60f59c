import type { Command } from "commander"
import { perform, type Run } from "../perform.ts"
import { type ServeOptions, serveOptions } from "../serve-options.ts"

export function devCommand(program: Command, run: Run): void {
  serveOptions(
    program
      .command("dev")
      .description(
        "`serve` that watches files: what you save is live at once, or its problems are shown at their line.",
      ),
  ).action(
    perform<ServeOptions>(run, async (session, options) => {
      const { serve } = await import("../offline/serve.ts")
      return serve(session, options, { watch: true })
    }),
  )
}
