/** How a command's action runs: with the session made from its options, and what it answers as exit code. */
import type { Command } from "commander"
import { exitCodes } from "./exit-codes.ts"
import { createSession, type Session, type SharedOptions } from "./session.ts"
import type { Terminal } from "./terminal.ts"

/** One call of the program. */
export interface Run {
  readonly terminal: Terminal
  code: number
  session: Session | null
}

/** Answers with the exit code when it is not 0, else with nothing. */
export type Act<Options> = (session: Session, options: Options, ...args: string[]) => Promise<unknown>

/** The action of a command: its session, its options, then its arguments. */
export function perform<Options extends object>(run: Run, act: Act<Options>) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command
    const options = mergedOptions<Options & SharedOptions>(command)
    run.session = createSession(run.terminal, options)
    const ended = await act(run.session, options, ...(command.processedArgs as string[]))
    run.code = typeof ended === "number" ? ended : exitCodes.done
  }
}

/** What stands nearer to the command's name wins, but colours that were switched off anywhere are off. */
function mergedOptions<Options extends SharedOptions>(command: Command): Options {
  const line: Command[] = []
  for (let one: Command | null = command; one !== null; one = one.parent) line.unshift(one)
  const values = line.map((one) => one.opts<SharedOptions>())
  return Object.assign({}, ...values, { color: values.every(({ color }) => color !== false) }) as Options
}
