import { type Command, InvalidArgumentError } from "commander"
import { perform, type Run } from "../perform.ts"
import { completionScript, type Shell, shells } from "../show/completion.ts"

export function completionCommand(program: Command, run: Run): void {
  program
    .command("completion")
    .description("Prints what makes a shell complete `waybill`.")
    .argument("<shell>", shells.join(", "), shellOf)
    .addHelpText("after", HELP)
    .action(perform(run, async (session, _options, shell) => session.print(completionScript(shell as Shell, program))))
}

const HELP = `
bash:  source <(waybill completion bash)
zsh:   source <(waybill completion zsh)
fish:  waybill completion fish > ~/.config/fish/completions/waybill.fish`

function shellOf(text: string): string {
  if ((shells as readonly string[]).includes(text)) return text
  throw new InvalidArgumentError(`Write one of ${shells.join(", ")}.`)
}
