import { cx } from "../../ui/cx.ts"
import { marksOf, type QueryProblem } from "./mark.ts"

interface QueryMarksProps {
  readonly text: string
  readonly problems: readonly QueryProblem[]
  /** How far the field above has been scrolled. */
  readonly scrollPx: number
}

/**
 * Lies under the field, letter under letter, and only gives it grounds and lines: the letters are the field's own, so
 * that marking, spelling and reading aloud are the browser's.
 */
export function QueryMarks({ text, problems, scrollPx }: QueryMarksProps) {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute inset-0 overflow-hidden rounded-sm bg-surface pr-9 pl-8"
    >
      <div className="overflow-hidden">
        <div
          className="h-9 w-max font-mono text-xs leading-9 whitespace-pre text-transparent"
          style={{ transform: `translateX(${-scrollPx}px)` }}
        >
          {marksOf(text, problems).map(({ from, to, kind, wrong }) => (
            <span key={from} className={cx(grounds[kind], wrong && wrongLine)}>
              {text.slice(from, to)}
            </span>
          ))}
        </div>
      </div>
    </div>
  )
}

const grounds = {
  space: "",
  not: "rounded-l-xs bg-removed-ground py-1",
  field: "rounded-l-xs bg-selected py-1",
  value: "rounded-r-xs bg-sunken py-1",
  word: "rounded-xs bg-sunken py-1",
} as const

const wrongLine = "underline decoration-danger decoration-wavy decoration-1 underline-offset-4"
