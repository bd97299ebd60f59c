import { useMemo, useState } from "react"
import { cx } from "../cx.ts"
import { Icon } from "../Icon.tsx"
import { type Hunk, hunksOf } from "./hunks.ts"
import { type DiffLine, diffLines } from "./line-diff.ts"

type DiffTextProps = {
  readonly from: string
  readonly to: string
  /** `Version 3 against version 2`. */
  readonly label: string
  readonly className?: string
}

const looks = {
  same: { sign: " ", word: "", text: "text-muted", ground: "" },
  added: { sign: "+", word: "added", text: "text-added", ground: "bg-added-ground" },
  removed: { sign: "−", word: "removed", text: "text-removed", ground: "bg-removed-ground" },
} as const satisfies Record<DiffLine["kind"], { sign: string; word: string; text: string; ground: string }>

/** Two texts in one column: what went before what came, and what stayed around them. */
export function DiffText({ from, to, label, className }: DiffTextProps) {
  const lines = useMemo(() => diffLines(from, to), [from, to])
  const added = lines.filter((line) => line.kind === "added").length
  const removed = lines.filter((line) => line.kind === "removed").length
  if (added + removed === 0) return <p className={cx("text-muted", className)}>The two texts are the same.</p>
  return (
    <figure aria-label={label} className={cx("min-w-0", className)}>
      <figcaption className="flex gap-3 pb-1.5 text-xs">
        <span className="text-added">
          + {added} {added === 1 ? "line" : "lines"}
        </span>
        <span className="text-removed">
          − {removed} {removed === 1 ? "line" : "lines"}
        </span>
      </figcaption>
      <div className="max-h-[70vh] overflow-auto rounded-md border">
        <table className="w-full border-collapse text-mono">
          <thead className="sr-only">
            <tr>
              <th>Before</th>
              <th>After</th>
              <th>Change</th>
              <th>Line</th>
            </tr>
          </thead>
          {hunksOf(lines).map((hunk) => (
            <HunkRows key={`${hunk.lines[0]?.before ?? ""}-${hunk.lines[0]?.after ?? ""}`} hunk={hunk} />
          ))}
        </table>
      </div>
    </figure>
  )
}

/** So many lines are drawn at a press: a text of a hundred thousand lines must not hold up the page. */
const LINES_AT_ONCE = 1000

function HunkRows({ hunk: { kind, lines } }: { hunk: Hunk }) {
  const [shown, setShown] = useState(kind === "shown" ? LINES_AT_ONCE : 0)
  const rest = lines.length - shown
  return (
    <tbody>
      {lines.slice(0, shown).map((line) => (
        <Line key={`${line.before ?? ""}-${line.after ?? ""}`} line={line} />
      ))}
      {rest > 0 && (
        <tr>
          <td colSpan={4} className="border-y bg-sunken p-0">
            <button
              type="button"
              onClick={() => setShown(shown + LINES_AT_ONCE)}
              className="flex h-6 w-full items-center gap-1.5 px-2 font-sans text-xs text-muted hover:text-fg focus-visible:-outline-offset-2"
            >
              <Icon name="chevrons-up-down" size={12} />
              {rest} {kind === "shown" ? "more lines" : "lines that did not change"}
            </button>
          </td>
        </tr>
      )}
    </tbody>
  )
}

const number = "w-px px-2 text-right align-top whitespace-nowrap text-faint select-none"

function Line({ line }: { line: DiffLine }) {
  const { sign, word, text, ground } = looks[line.kind]
  return (
    <tr className={ground}>
      <td className={number}>{line.before}</td>
      <td className={number}>{line.after}</td>
      <td className={cx("w-px pr-1 align-top font-semibold select-none", text)}>
        <span aria-hidden="true">{sign}</span>
        <span className="sr-only">{word}</span>
      </td>
      <td className="py-px pr-3 wrap-anywhere whitespace-pre-wrap">{line.text}</td>
    </tr>
  )
}
