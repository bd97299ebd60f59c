/** What became of each file. */
import type { Seeded } from "../seed-workflows.ts"
import { failureText } from "./failure.ts"
import type { Style } from "./style.ts"
import { table } from "./table.ts"

export function seedText(style: Style, seeded: readonly Seeded[]): string {
  const rows = seeded.map(({ file, workflowId, action, versionNumber }) => [
    file,
    workflowId ?? "",
    action === "failed"
      ? style.red(action)
      : action === "created" || action === "new version"
        ? style.green(action)
        : style.dim(action),
    versionNumber === null ? "" : `#${versionNumber}`,
  ])
  const failures = seeded.flatMap(({ file, failure }) =>
    failure === null ? [] : [`\n${file}\n${failureText(style, failure)}`],
  )
  return table(style, ["FILE", "WORKFLOW", "ACTION", "VERSION"], rows) + failures.join("")
}
