/**
 * A JSON value to look into: folded, searched, copied from, by pointer and keyboard. Beyond VIRTUAL_FROM rows only those
 * in view are in the page. It shows; it edits nothing and knows nothing of where the value is from.
 */

import { useVirtualizer } from "@tanstack/react-virtual"
import type { Change } from "@waybill/contract"
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from "react"
import { copyText } from "../copy-text.ts"
import { cx } from "../cx.ts"
import { SearchBox } from "../form/SearchBox.tsx"
import { IconButton } from "../IconButton.tsx"
import { rowsInViewAnd } from "../rows-in-view.ts"
import { JsonTreeRow } from "./JsonTreeRow.tsx"
import { pathOf } from "./json-path.ts"
import type { JsonRow } from "./json-rows.ts"
import { treeKey } from "./tree-keys.ts"
import { useJsonRows } from "./use-json-rows.ts"

export const VIRTUAL_FROM = 200
const ROW_PX = 22

export type JsonTreeProps = {
  readonly value: unknown
  /** What it is: `Input`, `Context`. */
  readonly label: string
  /** Before every copied path: `context`. */
  readonly root?: string
  /** Pointers with what happened to them; they are marked, and so is what they are in. */
  readonly changed?: ReadonlyMap<string, Change["op"]>
  /** Beside a value: the step that wrote it. */
  readonly note?: (pointer: string) => ReactNode
  readonly openDepth?: number
  /** Without the bar of search and copying. */
  readonly bare?: boolean
  readonly className?: string
}

export function JsonTree({ value, label, root, changed, note, openDepth, bare = false, className }: JsonTreeProps) {
  const { rows, cut, found, words, setWords, fold } = useJsonRows(value, openDepth)
  const [at, setAt] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
  const tree = useId()
  const here = Math.min(at, rows.length - 1)
  const hits = useMemo(() => new Set(found.hits), [found])
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: rows.length > VIRTUAL_FROM,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    rangeExtractor: rowsInViewAnd(here),
  })
  const drawn =
    rows.length > VIRTUAL_FROM ? virtual.getVirtualItems().map((item) => item.index) : rows.map((_, row) => row)

  function go(to: number) {
    setAt(to)
    if (rows.length > VIRTUAL_FROM) virtual.scrollToIndex(to)
    else document.getElementById(`${tree}${to}`)?.scrollIntoView({ block: "nearest" })
  }

  /** From hit to hit, around the end. */
  function goToHit(step: 1 | -1) {
    const places = rows.flatMap((row, place) => (row.line === undefined && hits.has(row.pointer) ? [place] : []))
    const next = step === 1 ? places.find((place) => place > here) : places.findLast((place) => place < here)
    const to = next ?? (step === 1 ? places[0] : places.at(-1))
    if (to !== undefined) go(to)
  }

  const copyValue = (row: JsonRow) => copyText(asText(row.value), "the value")
  const copyPath = (row: JsonRow) => copyText(pathOf(row.keys, root), "the path")

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const meant = treeKey(event.key, rows, here)
    if (meant === undefined) return
    event.preventDefault()
    event.stopPropagation()
    if (meant.kind === "move") go(meant.to)
    else if (meant.kind === "toggle") fold(meant.row.pointer, !meant.row.open)
    else if (meant.kind === "copy-value") void copyValue(meant.row)
    else void copyPath(meant.row)
  }

  return (
    <div className={cx("flex min-h-0 min-w-0 flex-col", className)}>
      {!bare && (
        <div className="flex items-center gap-1 pb-1.5">
          <SearchBox
            label={`Search in ${label}`}
            value={words}
            onChange={setWords}
            onKeyDown={(event) => event.key === "Enter" && goToHit(event.shiftKey ? -1 : 1)}
            mono
            className="max-w-64 flex-1"
          />
          {words !== "" && (
            <span role="status" className="px-1 text-xs text-muted">
              {found.hits.length}
              {found.more && "+"} found
            </span>
          )}
          <IconButton
            icon="copy"
            label={`Copy ${label} as JSON`}
            className="ml-auto"
            onClick={() => copyText(JSON.stringify(value ?? null, null, 2), label)}
          />
        </div>
      )}
      <div ref={scroller} className="max-h-[70vh] min-h-0 overflow-auto">
        <div
          role="tree"
          aria-label={label}
          aria-activedescendant={`${tree}${here}`}
          tabIndex={0}
          onKeyDown={onKeyDown}
          className="group/tree relative min-w-max focus-visible:outline-none"
          style={rows.length > VIRTUAL_FROM ? { height: virtual.getTotalSize() } : undefined}
        >
          {drawn.map((index) => {
            const row = rows[index]!
            return (
              <JsonTreeRow
                key={index}
                id={`${tree}${index}`}
                row={row}
                top={rows.length > VIRTUAL_FROM ? index * ROW_PX : undefined}
                active={index === here}
                hit={row.line === undefined && hits.has(row.pointer)}
                change={changeAt(changed, row)}
                note={row.line === undefined ? note?.(row.pointer) : undefined}
                onPress={() => {
                  setAt(index)
                  if (row.canOpen) fold(row.pointer, !row.open)
                }}
                onCopyValue={() => copyValue(row)}
                onCopyPath={() => copyPath(row)}
              />
            )
          })}
        </div>
      </div>
      {cut && <p className="pt-1 text-xs text-muted">Not all of it is shown: the copy holds the rest.</p>}
    </div>
  )
}

/** A text is copied as it is, not as JSON writes it. */
const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value ?? null, null, 2))

/** What is folded shows that something in it has changed. */
function changeAt(changed: JsonTreeProps["changed"], row: JsonRow): Change["op"] | "inside" | undefined {
  if (changed === undefined || changed.size === 0 || row.line !== undefined) return undefined
  const own = changed.get(row.pointer)
  if (own !== undefined || row.open || !row.canOpen) return own
  for (const pointer of changed.keys()) if (pointer.startsWith(`${row.pointer}/`)) return "inside"
  return undefined
}
