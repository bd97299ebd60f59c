/** A failure the way an operator needs it at three in the morning: what, where, what to do next. */
import type { Failure } from "../failure.ts"
import { findings } from "./findings.ts"
import type { Style } from "./style.ts"
import { fields } from "./table.ts"

export function failureText(style: Style, failure: Failure): string {
  const head = `${style.red(style.bold("error"))} ${style.bold(failure.code)}\n`
  const body = fields(style, [
    ["what", failure.detail],
    ["where", failure.where],
    ["hint", failure.hint],
  ])
  return head + body + (failure.errors.length === 0 ? "" : `\n${findings(style, failure.errors, null)}`)
}

/** One line, for programs that read standard error. */
export function failureJson(failure: Failure): string {
  const { exitCode, ...rest } = failure
  return `${JSON.stringify({ error: { ...rest, exitCode } })}\n`
}
