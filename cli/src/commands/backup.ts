import { type Command, InvalidArgumentError } from "commander"
import { perform, type Run } from "../perform.ts"
import { backupText } from "../show/upkeep.ts"
import { type UpkeepOptions, upkeepOptions, withUpkeep } from "../with-upkeep.ts"

interface Options extends UpkeepOptions {
  readonly name?: string
}

export function backupCommand(program: Command, run: Run): void {
  upkeepOptions(
    program.command("backup").description("Copies the store, while the server runs or while it is stopped."),
  )
    .option("--name <name>", "of the file under backups/ in the data directory; default: after the time", nameOf)
    .action(
      perform<Options>(run, async (session, options) => {
        const report = await withUpkeep(session, options, (upkeep) => upkeep.backup({ name: options.name }))
        session.show(report, () => backupText(session.style, report))
      }),
    )
}

function nameOf(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text)) return text
  throw new InvalidArgumentError("Write letters, digits, dots, dashes; the server chooses the folder.")
}
