import type { Command } from "commander"
import { positive } from "../arguments.ts"
import { perform, type Run } from "../perform.ts"

interface Options {
  readonly agents?: boolean
  readonly maxProblems: number
}

export function validateCommand(program: Command, run: Run): void {
  program
    .command("validate")
    .description("Checks workflow files without a server: every problem at once, each with its place and a hint.")
    .argument("<files...>", "workflow files, or folders with *.workflow.{yaml,yml,json}; - for standard input")
    .option("--no-agents", "do not ask whether the agents in ../agents exist")
    .option("--max-problems <n>", "print at most so many of a file", positive, 100)
    .action(
      perform<Options>(run, async (session, options, ...files) => {
        const { validateFiles } = await import("../offline/validate-files.ts")
        return validateFiles(session, files.flat(), options)
      }),
    )
}
