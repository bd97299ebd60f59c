/** Follows a run on its event stream: news line by line, a progress line below them on a terminal, the end as exit code. */
import type { Event, Run } from "@waybill/contract"
import type { Client } from "@waybill/sdk"
import { exitCodes } from "./exit-codes.ts"
import type { Session } from "./session.ts"
import { createProgress } from "./show/progress.ts"
import { runEnd } from "./show/run-end.ts"
import { createStory } from "./show/story.ts"

const TICK_MS = 100
/** Nobody wraps a file. */
const PIPED_COLUMNS = 400

/** The exit code: 0 completed, 1 any other end, 130 after Ctrl-C. */
export async function watchRun(session: Session, client: Client, runId: string): Promise<number> {
  if (session.json) return watchAsLines(session, client, runId)
  const story = createStory(session.style, session.terminal.isTty ? session.terminal.columns : PIPED_COLUMNS)
  const progress = createProgress(session.style)
  const screen = createScreen(session, () => progress.line(session.now(), session.terminal.columns))
  screen.news(`${session.style.bold(runId)}\n`)
  const code = await followEvents(session, client, runId, undefined, (event) => {
    progress.take(event)
    const line = story(event)
    if (line !== null) screen.news(`${line}\n`)
  }).finally(screen.close)
  if (code !== exitCodes.done) return code
  const run = await client.runs.get(runId)
  session.print(runEnd(session.style, run))
  return codeOf(run)
}

/** NDJSON: the run, its events, the run as it ended. */
async function watchAsLines(session: Session, client: Client, runId: string): Promise<number> {
  session.printLine({ kind: "run", run: await client.runs.get(runId) })
  const code = await followEvents(session, client, runId, undefined, (event) =>
    session.printLine({ kind: "event", runId, event }),
  )
  if (code !== exitCodes.done) return code
  const run = await client.runs.get(runId)
  session.printLine({ kind: "run", run })
  return codeOf(run)
}

function codeOf({ status }: Run): number {
  return status === "COMPLETED" ? exitCodes.done : exitCodes.failed
}

/** Every event of the run until its end; answers 130 when Ctrl-C came first, and says that the run goes on. */
export async function followEvents(
  session: Session,
  client: Client,
  runId: string,
  after: number | undefined,
  take: (event: Event) => void,
): Promise<number> {
  const aborted = new AbortController()
  const release = session.terminal.onInterrupt(() => aborted.abort())
  try {
    const messages = client.runs.stream(runId, { signal: aborted.signal, ...(after !== undefined && { after }) })
    for await (const { event, data } of messages) {
      if (aborted.signal.aborted) break
      // `reset` and other words of the stream about itself are no events of the run.
      if (event.includes(".")) take(data as Event)
    }
  } finally {
    release()
  }
  if (!aborted.signal.aborted) return exitCodes.done
  session.note(`\nno longer watching; the run goes on:  waybill runs watch ${runId}\n`)
  return exitCodes.interrupted
}

/** On a terminal the last line moves; news pushes it down. Elsewhere there are only the news. */
function createScreen({ terminal }: Session, line: () => string) {
  const clear = "\r\u001b[2K"
  let timer: ReturnType<typeof setInterval> | undefined
  if (terminal.isTty) timer = setInterval(() => terminal.write(clear + line()), TICK_MS)
  return {
    news(text: string): void {
      terminal.write(terminal.isTty ? clear + text + line() : text)
    },
    close(): void {
      if (timer === undefined) return
      clearInterval(timer)
      terminal.write(clear)
    },
  }
}
