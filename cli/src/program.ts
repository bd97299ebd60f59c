/**
 * The command line as a whole: commands, their help, and how everything that goes wrong becomes a message and an exit
 * code. It holds no command itself (those are `commands/`) and renders nothing (that is `show/`).
 */
import { Command, CommanderError } from "commander"
import { registerCommands } from "./commands/index.ts"
import { exitCodes } from "./exit-codes.ts"
import { failureOf } from "./failure.ts"
import type { Run } from "./perform.ts"
import { isColoured } from "./session.ts"
import { failureJson, failureText } from "./show/failure.ts"
import { styleFor } from "./show/style.ts"
import type { Terminal } from "./terminal.ts"
import { version } from "./version.ts"

/** Runs one command line; answers with the exit code. @param args without `node` and the program's name */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const run: Run = { terminal, code: exitCodes.done, session: null }
  const program = createProgram(run)
  try {
    await program.parseAsync([...args], { from: "user" })
    return run.code
  } catch (error) {
    if (error instanceof CommanderError) return codeOf(error)
    const failure = failureOf(error, run.session?.server() ?? null)
    const isJson = args.includes("--json")
    const style = styleFor(terminal.isErrorTty && isColoured(terminal, { color: !args.includes("--no-color") }))
    terminal.complain(isJson ? failureJson(failure) : failureText(style, failure))
    return failure.exitCode
  }
}

/** Also for `completion`, which reads the commands off it. */
export function createProgram(run: Run): Command {
  const { terminal } = run
  const program = new Command("waybill")
    .description("Durable workflows of agents and people, with the evidence of every run.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print what there is to know about a command")
    .helpCommand("help [command]", "print what there is to know about a command")
    .enablePositionalOptions()
    .showSuggestionAfterError(true)
    .configureOutput({ writeOut: terminal.write, writeErr: terminal.complain })
    .configureHelp({ helpWidth: Math.min(terminal.columns, 110), showGlobalOptions: false })
    .exitOverride()
  registerCommands(program, run)
  for (const command of everyCommand(program)) offerShared(command)
  program.addHelpText("after", () => HELP_AFTER)
  return program
}

const HELP_AFTER = `
Environment:
  WAYBILL_URL, WAYBILL_API_KEY   where the server is, and who you are
  NO_COLOR                       no colours

Exit codes: 0 done, 1 the thing failed (a watched run that failed, too), 2 wrong use, 3 the server is not there.
`

/** They speak to no server. */
const ALONE = new Set(["serve", "dev", "validate", "completion"])

/** Before or behind the command's name, as people type it. A group of commands has none of its own. */
function offerShared(command: Command): void {
  if (command.parent !== null && command.commands.length > 0) return
  const taken = new Set(command.options.map(({ long }) => long))
  const offer = (flags: string, about: string) => {
    if (!taken.has(flags.split(" ")[0])) command.option(flags, about)
  }
  offer("--json", "print JSON: one document, or a line each when it streams")
  if (!ALONE.has(command.name())) {
    offer("--url <address>", "the server's address (default: WAYBILL_URL, else the configuration's host and port)")
    offer("--workspace <slug>", "one of the workspaces the key may use")
  }
  offer("--no-color", "no colours")
}

export function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}

/** Help that was asked for is done; help that was not is wrong use, like everything else commander refuses. */
function codeOf({ exitCode }: CommanderError): number {
  return exitCode === 0 ? exitCodes.done : exitCodes.wrongUse
}
