import type { Change } from "@waybill/contract"
import type { ReactNode } from "react"
import { cx } from "../cx.ts"
import { Icon } from "../Icon.tsx"
import { changeSigns } from "./change-look.ts"
import { JsonScalar } from "./JsonScalar.tsx"
import type { JsonRow } from "./json-rows.ts"

type JsonTreeRowProps = {
  readonly id: string
  readonly row: JsonRow
  /** Pixels from the top when rows are placed; absent when they flow. */
  readonly top: number | undefined
  readonly active: boolean
  readonly hit: boolean
  readonly change: Change["op"] | "inside" | undefined
  readonly note: ReactNode
  readonly onPress: () => void
  readonly onCopyValue: () => void
  readonly onCopyPath: () => void
}

const INDENT_PX = 14

export function JsonTreeRow(props: JsonTreeRowProps) {
  const { id, row, top, active, hit, change, note, onPress, onCopyValue, onCopyPath } = props
  const sign = change && changeSigns[change]
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names its row
    <div
      id={id}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-expanded={row.canOpen ? row.open : undefined}
      aria-selected={active}
      onClick={onPress}
      className={cx(
        "group/row flex h-[22px] w-full items-center gap-1 rounded-xs pr-1 text-mono whitespace-pre hover:bg-hover",
        active && "group-focus-visible/tree:bg-hover group-focus-visible/tree:shadow-[inset_2px_0_0_var(--accent)]",
        sign?.ground,
        top !== undefined && "absolute left-0",
      )}
      style={{ paddingLeft: row.depth * INDENT_PX, ...(top !== undefined && { top }) }}
    >
      <span aria-hidden="true" className={cx("w-3 shrink-0 text-center", sign?.text)}>
        {sign?.sign}
      </span>
      <Icon
        name="chevron-right"
        size={12}
        className={cx("text-faint transition-transform", row.open && "rotate-90", !row.canOpen && "invisible")}
      />
      {row.line === undefined ? (
        <>
          <Name row={row} hit={hit} />
          <JsonScalar value={row.value} className={cx(row.kind === "string" && row.open && "opacity-60")} />
          {sign && <span className="sr-only">, {sign.word}</span>}
          {note}
          <Copies onCopyValue={onCopyValue} onCopyPath={onCopyPath} />
        </>
      ) : (
        <span className="text-fg">{row.line || " "}</span>
      )}
    </div>
  )
}

function Name({ row, hit }: { row: JsonRow; hit: boolean }) {
  const name = row.keys.at(-1)
  if (name === undefined) return null
  return (
    <span className={cx(typeof name === "number" ? "text-faint" : "text-muted", hit && "bg-selected text-fg")}>
      {name}
      <span className="text-faint">: </span>
    </span>
  )
}

/** For the pointer; the keyboard has `c` and `p`. */
function Copies({ onCopyValue, onCopyPath }: { onCopyValue: () => void; onCopyPath: () => void }) {
  const copies = [
    { name: "Copy value", short: "value", copy: onCopyValue },
    { name: "Copy path", short: "path", copy: onCopyPath },
  ]
  return (
    <span className="invisible ml-1 inline-flex gap-1 group-hover/row:visible">
      {copies.map(({ name, short, copy }) => (
        <button
          key={short}
          type="button"
          tabIndex={-1}
          title={name}
          onClick={(event) => {
            event.stopPropagation()
            copy()
          }}
          className="rounded-xs border border-line-strong bg-surface px-1 font-sans text-2xs text-muted hover:text-fg"
        >
          {short}
        </button>
      ))}
    </span>
  )
}
