/** The last words about a run that was watched. */
import type { Run } from "@waybill/contract"
import { errorFields } from "./error-fields.ts"
import { prettyJson } from "./json.ts"
import { type Style, toned } from "./style.ts"
import { fields } from "./table.ts"
import { durationOr } from "./times.ts"

const OUTPUT_LINES_MAX = 30

export function runEnd(style: Style, run: Run): string {
  const { counts } = run
  const parts = [
    `${counts.succeeded} of ${counts.steps} steps succeeded`,
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.retries > 0 ? [`${counts.retries} ${counts.retries === 1 ? "retry" : "retries"}`] : []),
  ]
  const head = `\n${toned(style, run.status)} after ${durationOr(run.durationMs, "no time")}, ${parts.join(", ")}\n`
  const error = run.error === null ? "" : fields(style, errorFields(run.error))
  const output = run.output === null ? "" : `${shortened(prettyJson(run.output))}\n`
  return head + error + output
}

function shortened(text: string): string {
  const lines = text.split("\n")
  return lines.length <= OUTPUT_LINES_MAX
    ? text
    : [
        ...lines.slice(0, OUTPUT_LINES_MAX - 1),
        `… ${lines.length - OUTPUT_LINES_MAX + 1} more lines: waybill runs show`,
      ].join("\n")
}
