import type { Change } from "@waybill/contract"
import type { ReactNode } from "react"
import { cx } from "../cx.ts"
import { changeSigns } from "./change-look.ts"
import { JsonScalar } from "./JsonScalar.tsx"
import { JsonTree } from "./JsonTree.tsx"
import { keysOf, pathOf } from "./json-path.ts"
import { kindOf } from "./json-rows.ts"
import { twoSides } from "./two-sides.ts"

type JsonDiffProps = {
  /** From the server, or `changesBetween` two values. */
  readonly changes: readonly Change[]
  readonly truncated?: boolean
  readonly label: string
  readonly root?: string
  /** At the end of a line: the step that wrote it. */
  readonly note?: (pointer: string) => ReactNode
  /** Said when nothing differs. */
  readonly none?: string
  readonly className?: string
}

/** What was added, changed and removed, one line each. */
export function JsonDiff({
  changes,
  truncated,
  label,
  root,
  note,
  none = "Nothing changed.",
  className,
}: JsonDiffProps) {
  if (changes.length === 0) return <p className={cx("text-muted", className)}>{none}</p>
  return (
    <div className={className}>
      <ul aria-label={label} className="flex flex-col divide-y rounded-md border">
        {changes.map((change) => (
          <li key={`${change.op} ${change.pointer}`} className="flex min-w-0 gap-2 px-2 py-1">
            <Sign op={change.op} />
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-baseline gap-x-2">
                <span className="text-mono font-medium wrap-anywhere text-fg">
                  {pathOf(keysOf(change.pointer), root) || "the whole value"}
                </span>
                {note && <span className="ml-auto text-xs text-muted">{note(change.pointer)}</span>}
              </div>
              <Sides change={change} />
            </div>
          </li>
        ))}
      </ul>
      {truncated && <p className="pt-1 text-xs text-muted">There are more changes than are listed.</p>}
    </div>
  )
}

function Sign({ op }: { op: Change["op"] }) {
  const { sign, word, text } = changeSigns[op]
  return (
    <span className={cx("w-3 shrink-0 text-center text-mono leading-5 font-semibold", text)}>
      <span aria-hidden="true">{sign}</span>
      <span className="sr-only">{word}</span>
    </span>
  )
}

function Sides({ change: { op, from, to } }: { change: Change }) {
  // Two long texts may be alike for as long as one would be shown.
  const cut = op === "changed" && isLong(from) && isLong(to) ? twoSides(from, to) : undefined
  return (
    <div className="flex flex-col gap-0.5 py-0.5">
      {op !== "added" && <Side value={from} kind="removed" text={cut?.from} />}
      {op !== "removed" && <Side value={to} kind="added" text={cut?.to} />}
    </div>
  )
}

const LONG_CHARS = 180
const isLong = (value: unknown) => typeof value === "string" && value.length > LONG_CHARS

type SideProps = { readonly value: unknown; readonly kind: "added" | "removed"; readonly text?: string }

function Side({ value, kind, text: words }: SideProps) {
  const { sign, ground, text } = changeSigns[kind]
  const large = kindOf(value) === "object" || kindOf(value) === "array"
  return (
    <div className={cx("flex min-w-0 gap-2 rounded-xs px-1.5 py-0.5", ground)}>
      <span aria-hidden="true" className={cx("text-mono select-none", text)}>
        {sign}
      </span>
      <span className="sr-only">{kind === "added" ? "now" : "before"}</span>
      {words !== undefined ? (
        <span className="min-w-0 text-mono wrap-anywhere whitespace-pre-wrap text-fg">{words}</span>
      ) : large ? (
        <JsonTree value={value} label={kind === "added" ? "Now" : "Before"} openDepth={1} bare className="flex-1" />
      ) : (
        <JsonScalar value={value} className="min-w-0 wrap-anywhere whitespace-pre-wrap" />
      )}
    </div>
  )
}
