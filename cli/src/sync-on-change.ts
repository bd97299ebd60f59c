/** `sync --watch`: watches the environment's folder on this machine and tells the server when something was saved. */
import { existsSync, watch } from "node:fs"
import type { SyncPlan } from "@waybill/contract"
import type { Client } from "@waybill/sdk"
import { exitCodes } from "./exit-codes.ts"
import { CommandFailure, failureOf } from "./failure.ts"
import type { Session } from "./session.ts"
import { failureText } from "./show/failure.ts"
import { syncNews, syncPlan } from "./show/sync-plan.ts"

export interface SyncOptions {
  readonly force?: boolean
  readonly prune?: boolean
}

/** Whether everything is now as the files say. */
export function isClean(plan: SyncPlan): boolean {
  return (
    plan.refused === null &&
    plan.changes.every(({ action }) => action !== "invalid" && action !== "conflict") &&
    plan.agents.every(({ action }) => action !== "invalid")
  )
}

const DEBOUNCE_MS = 100

/** Ends with Ctrl-C. */
export async function syncOnChange(
  session: Session,
  client: Client,
  first: SyncPlan,
  options: SyncOptions,
): Promise<number> {
  const { directory, environment } = first
  if (!existsSync(directory))
    throw new CommandFailure({
      code: "folder_not_here",
      detail: `the server's folder ${directory} is not on this machine`,
      hint: "Watch where the files are: `waybill dev`, or `sync --watch` beside the server.",
    })
  const show = (plan: SyncPlan, text: string) => (session.json ? session.printLine(plan) : session.print(text))
  show(first, syncPlan(session.style, first))
  const again = async () => {
    try {
      const plan = await client.sync(environment, options)
      const text = syncNews(session.style, plan)
      if (text !== "") show(plan, text)
    } catch (error) {
      // The server may be starting again: the next save asks it anew.
      session.terminal.complain(failureText(session.style, failureOf(error, session.server())))
    }
  }
  await untilInterrupted(session, directory, again)
  return exitCodes.done
}

function untilInterrupted({ terminal, note }: Session, directory: string, changed: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let last: Promise<void> = Promise.resolve()
    const watcher = watch(directory, { recursive: true }, (_event, name) => {
      if (name?.includes("node_modules") || name?.endsWith("~") || name?.endsWith(".swp")) return
      clearTimeout(timer)
      // One after the other, so that answers are shown in the order of the saves.
      timer = setTimeout(() => {
        last = last.then(changed)
      }, DEBOUNCE_MS)
    })
    watcher.on("error", reject)
    // What was saved between the first look and this moment told nobody.
    last = changed().then(() => note(`watching ${directory}; Ctrl-C ends it\n`))
    const release = terminal.onInterrupt(() => {
      release()
      clearTimeout(timer)
      watcher.close()
      void last.then(resolve)
    })
  })
}
