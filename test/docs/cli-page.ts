/**
 * The page on the command line as a test reads it: a heading a command, its options as a table, and what was typed and
 * answered as `console` blocks.
 */
import { fencedBlocks } from "./fenced-blocks.ts"

export interface Typed {
  readonly line: number
  readonly command: string
  /** As the page shows it, without the lines that are `…`. */
  readonly shown: readonly string[]
  readonly exitCode: number
  /** It runs until it is told to end. */
  readonly isServer: boolean
}

/** Behind the word `console`: `exit=1` is the exit code of the block's commands, `server` a command that goes on. */
export function typedCommands(page: string, text: string): readonly Typed[] {
  return fencedBlocks(page, text)
    .filter(({ language }) => language === "console")
    .flatMap(({ line, words, text: block }) => {
      const exitCode = Number(/^exit=(\d+)$/.exec(words)?.[1] ?? 0)
      const lines = block.trimEnd().split("\n")
      const starts = lines.flatMap((one, index) => (one.startsWith("$ ") ? [index] : []))
      return starts.map((at, index) => ({
        line: line + at,
        command: lines[at]!.slice(2),
        shown: lines.slice(at + 1, starts[index + 1]).filter((one) => one.trim() !== "" && one.trim() !== "…"),
        exitCode,
        isServer: words === "server",
      }))
    })
}

export interface Documented {
  readonly command: string
  /** As `--help` prints it. */
  readonly usage: string
  readonly options: readonly (readonly [flags: string, about: string])[]
}

/** Every heading that is a command in backticks, with the usage below it and its table of options. */
export function documentedCommands(text: string): readonly Documented[] {
  const sections = text.split(/^#{2,3} /m).slice(1)
  return sections.flatMap((section) => {
    const [, command] = /^`waybill ([a-z -]+)`/.exec(section) ?? []
    const [, usage = ""] = /^`(waybill .*)`$/m.exec(section.slice(section.indexOf("\n"))) ?? []
    const options = [...section.matchAll(/^\| `(--?[^`]+)` \| (.+) \|$/gm)].map(
      ([, flags = "", about = ""]) => [flags, about.trim()] as const,
    )
    return command === undefined ? [] : [{ command, usage, options }]
  })
}

/** What differs from run to run is put out of sight: ids, hashes, times, numbers, and how far columns stand apart. */
export function withoutChance(line: string): string {
  return (
    line
      .replace(/\b(run|appr|step|req|agr|rmk)_[A-Za-z0-9]+/g, "$1_…")
      .replace(/\b[0-9a-f]{12,64}\b/g, "#")
      .replace(/\b[0-9a-z]{32}\b/g, "#")
      .replace(/\/\S*\/(examples|\.waybill|dist)\b/g, "…/$1")
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, "#")
      .replace(/\d{4}-\d\d-\d\dT[\d-]+Z/g, "#")
      .replace(/\d\d:\d\d:\d\d(\.\d+)?/g, "#")
      // From a minute on, what has passed is written with it: a busy machine is no other story.
      .replace(/\b\d+:\d\d\.\d+/g, "#")
      .replace(/\d+(\.\d+)? (ms|s|min|h|d|KiB|MiB|GiB|TiB)( \d+ (s|min|h))?/g, "#")
      .replace(/\b(now|# ago|in #)(?=\s|$|\)|,)/g, "#")
      .replace(/\d[\d,]*(\.\d+)?/g, "#")
      .replace(/\s+/g, " ")
      .trim()
  )
}
