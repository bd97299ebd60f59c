/** Small words of "why": places, counts and texts cut to a line. */

const lineMax = 240

/** The first line of a text, cut. */
export function line(text: string): string {
  const first = text.split("\n", 1)[0]!.trim()
  return first.length <= lineMax ? first : `${first.slice(0, lineMax - 1)}…`
}

/** `check_pods in diagnostics/pods`. */
export function placeText(step: { readonly name: string; readonly branchPath: string | null }): string {
  return step.branchPath === null || step.branchPath === "" ? step.name : `${step.name} in ${step.branchPath}`
}

export function attemptText(attempt: number, max: number | null): string {
  return max === null || max === 1 ? `attempt ${attempt}` : `attempt ${attempt} of ${max}`
}

/** ` and 3 more`. */
export function andMore(count: number): string {
  return count <= 0 ? "" : ` and ${count} more`
}

/** `team:sre or user:bob`. */
export function anyOf(names: readonly string[], nobody: string): string {
  const shown = names.slice(0, 3)
  if (shown.length === 0) return nobody
  const more = names.length - shown.length
  if (more > 0) return `${shown.join(", ")} or ${more} more`
  return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`
}
