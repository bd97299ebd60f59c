import { type Command, InvalidArgumentError } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { perform, type Run } from "../perform.ts"
import { seedWorkflows } from "../seed-workflows.ts"
import { seedText } from "../show/seeded.ts"

interface Options {
  readonly dir: string
  readonly env: string
  readonly skipExisting?: boolean
  readonly workspaceId: string
  readonly projectId: string
}

export function seedCommand(program: Command, run: Run): void {
  program
    .command("seed")
    .description("Saves every workflow of a folder over the API: the examples, or your own.")
    .option("--dir <folder>", "with *.json, *.yaml, *.yml", "examples/workflows")
    .option("--env <environment>", "the environment they belong to", "default")
    .option("--skip-existing", "leave alone what is there; otherwise it becomes a new version where it differs")
    .option("--workspace-id <id>", "the workspace", onlyDefault, "default")
    .option("--project-id <id>", "the project", onlyDefault, "default")
    .action(
      perform<Options>(run, async (session, { dir, env, skipExisting }) => {
        const seeded = await seedWorkflows(session, { dir, env, skipExisting: skipExisting === true })
        session.show({ items: seeded }, () => seedText(session.style, seeded))
        return seeded.some(({ action }) => action === "failed") ? exitCodes.failed : exitCodes.done
      }),
    )
}

/** Of the first commit on, every run carries both (settled 2); there is one of each until run management brings more. */
function onlyDefault(text: string): string {
  if (text === "default") return text
  throw new InvalidArgumentError("This release has one, called `default`.")
}
