import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { wrongUse } from "../failure.ts"
import { perform, type Run } from "../perform.ts"
import { prettyJson } from "../show/json.ts"

interface Options {
  readonly run?: string
  readonly at?: number
}

export function exprCommand(program: Command, run: Run): void {
  program
    .command("expr")
    .description("Evaluates an expression as conditions do, over a run's context or over an empty one.")
    .argument("<expression>", "for example 'steps.check.error_rate > 0.05'")
    .option("--run <id>", "over this run's context")
    .option("--at <seq>", "as it was after this event", positive)
    .action(
      perform<Options>(run, async (session, { run: runId, at }, expression) => {
        if (at !== undefined && runId === undefined) throw wrongUse("--at needs --run")
        const client = await session.client()
        const evaluated = await client.evaluate({
          expression: expression!,
          ...(runId !== undefined && { runId }),
          ...(at !== undefined && { at }),
        })
        session.show(evaluated, () => `${prettyJson(evaluated.value)}\n`)
      }),
    )
}
