import type { ContextAt } from "@waybill/contract"
import type { Client } from "@waybill/sdk"
import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { contextPage } from "../show/context.ts"

export function runsContext(group: Command, run: Run): void {
  group
    .command("context")
    .description("The context of a run, now or after one of its events, and which step wrote what.")
    .argument("<run>", "the run's id")
    .option("--at <seq>", "after this event", positive)
    .action(
      perform<{ readonly at?: number }>(run, async (session, { at }, runId) => {
        const client = await session.client()
        const context = await client.runs.context(runId!, { at })
        const names = session.json ? new Map<string, string>() : await writersOf(client, context)
        session.show(context, () => contextPage(session.style, context, names))
      }),
    )
}

/** Of a longer run the writers behind it are told by their ids. */
const stepsRead = 1_000

async function writersOf(client: Client, { runId, writers }: ContextAt): Promise<ReadonlyMap<string, string>> {
  if (Object.keys(writers).length === 0) return new Map()
  const { items } = await client.runs.steps(runId, { values: false, limit: stepsRead })
  return new Map(
    items.map(({ stepId, name, branchPath }) => [stepId, branchPath === "" ? name : `${branchPath}/${name}`]),
  )
}
