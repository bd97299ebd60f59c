import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { eventLine, eventTable } from "../show/events.ts"
import { followEvents } from "../watch-run.ts"

interface Options {
  readonly after?: number
  readonly type?: string
  readonly limit: number
  readonly follow?: boolean
}

export function runsEvents(group: Command, run: Run): void {
  group
    .command("events")
    .description("The trail of a run, oldest first: every event with its payload.")
    .argument("<run>", "the run's id")
    .option("--after <seq>", "those after this one", positive)
    .option("--type <types>", "only these types, separated by commas")
    .option("--limit <n>", "at most so many", positive, 200)
    .option("--follow", "and those to come, until the run ends; with --json a line each")
    .action(
      perform<Options>(run, async (session, options, runId) => {
        const client = await session.client()
        const types = options.type?.split(",").map((type) => type.trim())
        if (options.follow === true) {
          return followEvents(session, client, runId!, options.after, (event) => {
            if (types !== undefined && !types.includes(event.type)) return
            if (session.json) session.printLine(event)
            else session.print(eventLine(session.style, event, session.terminal))
          })
        }
        const { after, type, limit } = options
        const page = await client.runs.events(runId!, { after, type, limit })
        session.show(page, () => eventTable(session.style, page.items, session.terminal))
        if (page.nextCursor !== null) session.note(`more: --after ${page.nextCursor}\n`)
      }),
    )
}
