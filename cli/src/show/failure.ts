/** A failure the way an operator needs it at three in the morning: what, where, what to do next. */
import type { Failure } from "../failure.ts"
import { findings } from "./findings.ts"
import { prettyJson } from "./json.ts"
import type { Style } from "./style.ts"
import { fields } from "./table.ts"

export function failureText(style: Style, failure: Failure): string {
  const head = `${style.red(style.bold("error"))} ${style.bold(failure.code)}\n`
  const body = fields(style, [
    ["what", failure.detail],
    ["where", failure.where],
    ["seen", failure.data === undefined ? null : cutLines(prettyJson(failure.data, 90))],
    ["hint", failure.hint],
  ])
  return head + body + (failure.errors.length === 0 ? "" : `\n${findings(style, failure.errors, null)}`)
}

const LINES_MAX = 20

function cutLines(text: string): string {
  const lines = text.split("\n")
  return lines.length <= LINES_MAX ? text : [...lines.slice(0, LINES_MAX), "…"].join("\n")
}

/** One line, for programs that read standard error. */
export function failureJson(failure: Failure): string {
  const { exitCode, ...rest } = failure
  return `${JSON.stringify({ error: { ...rest, exitCode } })}\n`
}
