/** What changed between two versions, value by value. */
import type { Change, VersionDiff } from "@waybill/contract"
import { shortJson } from "./json.ts"
import type { Style } from "./style.ts"

const VALUE_LENGTH = 160

export function versionDiff(style: Style, { workflowId, from, to, changes, truncated }: VersionDiff): string {
  const head = `${style.bold(workflowId)}  ${from.version} (#${from.versionNumber}) → ${to.version} (#${to.versionNumber})\n`
  if (changes.length === 0) return `${head}no difference\n`
  const more = truncated ? style.dim("there are more changes than these\n") : ""
  return head + changes.map((change) => changeText(style, change)).join("") + more
}

function changeText(style: Style, { op, pointer, from, to }: Change): string {
  const place = pointer === "" ? "/" : pointer
  const minus = `    ${style.red(`- ${shortJson(from, VALUE_LENGTH)}`)}\n`
  const plus = `    ${style.green(`+ ${shortJson(to, VALUE_LENGTH)}`)}\n`
  switch (op) {
    case "added":
      return `  ${style.bold(place)}\n${plus}`
    case "removed":
      return `  ${style.bold(place)}\n${minus}`
    case "changed":
      return `  ${style.bold(place)}\n${minus}${plus}`
  }
}
