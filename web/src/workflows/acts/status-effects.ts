import type { WorkflowSummary } from "@waybill/contract"

type Stands = Pick<WorkflowSummary, "source" | "version" | "versionNumber" | "syncState">

/** What disabling or enabling changes, and what it does not. `openRuns`: null while nobody knows. */
export function statusEffects(
  { source, version, versionNumber, syncState }: Stands,
  to: WorkflowSummary["status"],
  openRuns: number | null,
): readonly string[] {
  if (to === "disabled") {
    return [
      "New runs are refused: from here, over the API, from the command line and as children of other workflows.",
      openRunWords(openRuns),
      "Its versions and its history stay. It can be enabled again at any time.",
      ...(source === "file" ? ["Its file stays as it is: a sync does not enable it again."] : []),
    ]
  }
  return [
    `New runs are taken again, with version ${version} (#${versionNumber}).`,
    ...(syncState === "file_missing"
      ? [
          "Its file is gone, so the server will refuse: put the file back and sync, or save the definition over the API.",
        ]
      : []),
  ]
}

function openRunWords(count: number | null): string {
  if (count === null) return "Runs that have begun go on to their end."
  if (count === 0) return "No run of it is under way."
  return count === 1
    ? "The one run that is under way goes on to its end."
    : `The ${count} runs that are under way go on to their end.`
}
