import type { DiffLine } from "./line-diff.ts"

export type Hunk =
  | { readonly kind: "shown"; readonly lines: readonly DiffLine[] }
  /** Lines that both texts share and nobody needs at first. */
  | { readonly kind: "folded"; readonly lines: readonly DiffLine[] }

/** Folding less than this hides more than it saves. */
const FOLD_FROM = 4

/** The differences with some lines around them; what lies between is folded. */
export function hunksOf(lines: readonly DiffLine[], around = 3): readonly Hunk[] {
  const near = new Set<number>()
  lines.forEach((line, at) => {
    if (line.kind === "same") return
    for (let by = -around; by <= around; by++) near.add(at + by)
  })
  const hunks: { kind: Hunk["kind"]; lines: DiffLine[] }[] = []
  lines.forEach((line, at) => {
    const kind = near.has(at) ? "shown" : "folded"
    const last = hunks.at(-1)
    if (last?.kind === kind) last.lines.push(line)
    else hunks.push({ kind, lines: [line] })
  })
  return hunks.map((hunk) =>
    hunk.kind === "folded" && hunk.lines.length < FOLD_FROM ? { ...hunk, kind: "shown" } : hunk,
  )
}
