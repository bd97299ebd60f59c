/**
 * Where a step stands inside the step that holds it, as the engine writes it: `checks/pods` (a branch), `sites[3]` (an
 * item), `refine.do[2]` (a round), `careful.finally`; a holder that was come to again is `checks#2`.
 */
export type Holder = { readonly name: string; readonly branchPath: string }

/** `branch pods`, `item 3`, `round 2`, `finally`; empty where the path says nothing of it. */
export function blockOf(holder: Holder, path: string): string {
  const around = holder.branchPath === "" ? holder.name : `${holder.branchPath}/${holder.name}`
  if (!path.startsWith(around)) return ""
  const rest = path.slice(around.length).replace(/^#\d+/, "")
  const index = /^(\.do)?\[(\d+)\]/.exec(rest)
  if (index !== null) return `${index[1] === undefined ? "item" : "round"} ${index[2]}`
  if (rest.startsWith("/")) return `branch ${rest.slice(1)}`
  return rest.startsWith(".") ? (blockWords[rest.slice(1)] ?? rest.slice(1)) : ""
}

const blockWords: Readonly<Record<string, string>> = { try: "try", finally: "finally", cancel: "on cancel" }
