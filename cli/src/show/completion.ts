/** Scripts that make a shell complete the commands and options, read off the program itself. */
import type { Command } from "commander"

export const shells = ["bash", "zsh", "fish"] as const
export type Shell = (typeof shells)[number]

/** A command's path below the program, with the words that may follow it. */
interface Place {
  readonly path: string
  readonly words: readonly Word[]
}

interface Word {
  readonly text: string
  readonly about: string
}

export function completionScript(shell: Shell, program: Command): string {
  const places = placesOf(program, "")
  switch (shell) {
    case "bash":
      return bash(places)
    case "zsh":
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(places)}`
    case "fish":
      return fish(places)
  }
}

function placesOf(command: Command, path: string): readonly Place[] {
  const words = [
    ...command.commands.map((one) => ({ text: one.name(), about: one.description() })),
    ...command.options.flatMap(({ long, description }) => (long ? [{ text: long, about: description }] : [])),
    ...command.registeredArguments.flatMap((argument) =>
      argument.name() === "shell" ? shells.map((text) => ({ text, about: "" })) : [],
    ),
  ]
  const inner = command.commands.flatMap((one) => placesOf(one, `${path} ${one.name()}`.trim()))
  return [{ path, words }, ...inner]
}

/** The path is what was typed before the cursor without options; the longest known one wins. */
function bash(places: readonly Place[]): string {
  const cases = places.map(({ path, words }) => `    "${path}") words="${words.map(({ text }) => text).join(" ")}" ;;`)
  return `# waybill completion; made by \`waybill completion\`
_waybill() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  while :; do
    case "$path" in
${cases.map((line) => `  ${line}`).join("\n")}
      *) path="\${path% *}"; continue ;;
    esac
    break
  done
  COMPREPLY=( $(compgen -W "$words" -- "$cur") )
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=( $(compgen -f -- "$cur") )
}
complete -F _waybill waybill
`
}

/** Behind a group stand its commands alone; behind a command its options, wherever its arguments are. */
function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ text, about }) => {
      const what = text.startsWith("--") ? `-l ${text.slice(2)}` : `-f -a ${text}`
      const where = places.some((other) => isBelow(other.path, path)) ? "exactly" : "within"
      return `complete -c waybill -n '__waybill_at ${where} ${path}' ${what} -d '${about.replace(/['\\]/g, "\\$&")}'`
    }),
  )
  return `# waybill completion; made by \`waybill completion\`
function __waybill_at
    set -l words
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; or set -a words $word
    end
    set -l path $argv[2..]
    set -l length (count $path)
    test (count $words) -ge $length; or return 1
    if test $argv[1] = exactly
        test (count $words) -eq $length; or return 1
    end
    test $length -eq 0; and return 0
    test "$words[1..$length]" = "$path"
end
${lines.join("\n")}
`
}

function isBelow(path: string, above: string): boolean {
  return path !== above && (above === "" || path.startsWith(`${above} `))
}
