/** `waybill search`: runs by what they were given and gave; workflows, approvals and issues by their names. */
import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"
import { searchText } from "../show/search.ts"

export function searchCommand(program: Command, run: Run): void {
  program
    .command("search")
    .description("Runs by what they were given and gave, and workflows, approvals and issues by their names.")
    .argument("<query>", `words, "a phrase", in.customer:42, status:failed: the language of \`runs list --query\``)
    .option("--limit <n>", "at most so many of each kind", positive, 20)
    .action(
      perform<{ limit: number }>(run, async (session, { limit }, query) => {
        const client = await session.client()
        const answer = await client.search(query!, { limit })
        session.show(answer, () => searchText(session.style, answer, session.now()))
        if (answer.behind > 0) session.note(`the newest ${answer.behind} events are not in the index yet\n`)
        if (answer.archivedBehind > 0)
          session.note(`the values of ${answer.archivedBehind} archived runs are not in the index yet\n`)
      }),
    )
}
