import { memo } from "react"
import { cx } from "../../ui/cx.ts"
import { Glyph } from "../../ui/Glyph.tsx"
import { Icon } from "../../ui/Icon.tsx"
import { lookOfStep } from "../../ui/step-look.ts"
import { formatDuration, formatRunningDuration } from "../../ui/time/duration.ts"
import type { Axis } from "./axis.ts"
import { Bars, barWords } from "./Bars.tsx"
import { timesOf } from "./bars.ts"
import { ganttColumns, treeColumns, wide, wider } from "./grid-columns.ts"
import type { TimelineRow } from "./rows.ts"
import type { Lane, TimelineNode } from "./timeline.ts"
import { typeWord } from "./type-word.ts"

type GridRowProps = {
  readonly id: string
  readonly row: TimelineRow
  readonly index: number
  readonly top: number
  readonly axis: Axis | undefined
  readonly zero: number
  /** 0 for what has ended: its row is not drawn anew with the clock. */
  readonly now: number
  readonly isCursor: boolean
  readonly isSelected: boolean
  readonly onPress: ((id: string) => void) | undefined
  readonly onFold: (id: string, fold: boolean) => void
}

// Rows that fly by are not laid out until they are come to rest at: the browser's own way to keep a fast drag smooth.
const look =
  "[content-visibility:auto] absolute inset-x-0 grid h-7 items-center border-b border-line/60 hover:bg-hover data-cursor:bg-hover data-cursor:shadow-[inset_2px_0_0_var(--line-control)] group-focus-visible/grid:data-cursor:shadow-[inset_2px_0_0_var(--accent)]"

export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { id, row, index, top, axis, zero, now, isCursor, isSelected, onPress } = props
  const { node } = row
  return (
    <tr
      id={id}
      aria-rowindex={index + 2}
      aria-label={labelOf(node, now)}
      aria-level={row.depth + 1}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-expanded={row.canFold ? row.isOpen : undefined}
      aria-selected={isSelected}
      data-cursor={isCursor || undefined}
      onClick={onPress && (() => onPress(node.id))}
      className={cx(
        look,
        axis === undefined ? treeColumns : ganttColumns,
        onPress && "cursor-pointer",
        isSelected && "bg-selected hover:bg-selected data-cursor:bg-selected",
      )}
      style={{ top }}
    >
      <NameCell {...props} />
      {axis === undefined ? <Figures row={row} zero={zero} now={now} /> : <Bars node={node} axis={axis} now={now} />}
      <td className={cx("truncate pr-3 text-right text-mono text-muted", axis !== undefined && wide)}>
        {node.to === null ? formatRunningDuration(now - node.from) : formatDuration(node.to - node.from)}
      </td>
    </tr>
  )
})

/** What is heard of the row: the bars in words, where there are bars. */
function labelOf(node: TimelineNode, now: number): string {
  const { name, detail, step } = node
  const retries = step?.retries ?? 0
  return [name, detail, barWords(node, now), retries > 0 && (retries === 1 ? "1 retry" : `${retries} retries`)]
    .filter(Boolean)
    .join(", ")
}

const INDENT_PX = 16

function NameCell({ row, onFold }: GridRowProps) {
  const { node, depth, canFold, isOpen } = row
  const step = lookOfStep(node.status)
  return (
    <td className="flex min-w-0 items-center gap-1.5 overflow-hidden" style={{ paddingLeft: 6 + depth * INDENT_PX }}>
      {canFold ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={isOpen ? `Fold ${node.name}` : `Open ${node.name}`}
          onClick={(event) => {
            event.stopPropagation()
            onFold(node.id, isOpen)
          }}
          className="grid size-5 shrink-0 place-items-center rounded-xs text-faint hover:text-fg"
        >
          <Icon name="chevron-right" size={12} className={cx("transition-transform", isOpen && "rotate-90")} />
        </button>
      ) : (
        <span className="w-5 shrink-0" />
      )}
      <Glyph name={step.glyph} tone={step.tone} />
      <span className={cx("min-w-8 truncate", node.step === null ? "text-muted" : "font-medium")}>{node.name}</span>
      {node.detail !== "" && <span className="min-w-0 shrink-2 truncate text-xs text-faint">{node.detail}</span>}
      {!isOpen && canFold && (
        <span className="shrink-0 text-xs text-faint">{insideWords(node.steps, node.step !== null)}</span>
      )}
      {node.step !== null && node.step.retries > 0 && <Retries count={node.step.retries} />}
    </td>
  )
}

function insideWords(steps: number, isStep: boolean): string {
  const inside = isStep ? steps - 1 : steps
  return inside === 1 ? "1 step" : `${inside} steps`
}

function Retries({ count }: { count: number }) {
  const words = count === 1 ? "1 retry" : `${count} retries`
  return (
    <span className="inline-flex h-4 shrink-0 items-center gap-0.5 rounded-xs border border-line-strong px-1 text-2xs text-muted">
      <Icon name="rerun" size={10} />
      <span aria-hidden="true">{count}</span>
      <span className="sr-only">{words}</span>
    </span>
  )
}

function Figures({ row: { node }, zero, now }: { row: TimelineRow; zero: number; now: number }) {
  const { queueMs } = timesOf(node, now)
  return (
    <>
      <td className={cx("truncate text-muted", wide)}>{node.step !== null && <Kind step={node.step} />}</td>
      <td className={cx("truncate", wide)}>
        {lookOfStep(node.status).word}
        {node.step?.errorCode != null && <code className="ml-2 text-faint">{node.step.errorCode}</code>}
      </td>
      <td className={cx("text-right text-mono text-muted", wider)}>+{formatDuration(node.from - zero)}</td>
      <td className={cx("text-right text-mono text-muted", wider)}>
        {node.spans.some((span) => span.kind === "queued") ? formatDuration(queueMs) : ""}
      </td>
    </>
  )
}

/** The agent that works on it, or what kind of state it is. */
function Kind({ step: { agent, type } }: { step: Lane }) {
  return agent === null ? typeWord(type) : <code>{agent}</code>
}
