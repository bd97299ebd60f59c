import type { Node, NodeProps } from "@xyflow/react"
import type { ReactNode } from "react"
import { cx } from "../../ui/cx.ts"
import { Glyph } from "../../ui/Glyph.tsx"
import type { Tone } from "../../ui/tone.ts"
import type { DiagramMark } from "./diagram-props.ts"
import type { Box } from "./layout.ts"

export type BoxData = {
  readonly box: Box
  readonly mark: DiagramMark | undefined
  readonly isPale: boolean
  readonly isSelected: boolean
  readonly onSelect: ((place: string) => void) | undefined
}

type BoxProps = NodeProps<Node<BoxData>>

const edges = {
  completed: "border-completed",
  failed: "border-failed",
  waiting: "border-waiting",
  running: "border-running",
  stalled: "border-stalled",
  quiet: "border-line-control",
} as const satisfies Record<Tone, string>

/** The frame takes its colour from the mark; what nobody has come to is dashed. */
function frame({ mark, isPale, isSelected }: BoxData): string {
  return cx(
    "size-full rounded-sm border",
    mark?.look === undefined ? "border-line-control" : edges[mark.look.tone],
    isPale && "border-dashed",
    isSelected && "ring-2 ring-accent",
  )
}

function StateBox({ data }: BoxProps) {
  return (
    <Press data={data} className={cx(frame(data), "flex flex-col justify-center bg-raised px-2.5 text-left")}>
      <Title data={data} />
      <span className="flex min-w-0 items-baseline gap-1.5 text-2xs">
        <span className="truncate text-muted">{kindOf(data.box)}</span>
        {data.mark && <span className="ml-auto shrink-0 text-fg">{data.mark.words}</span>}
      </span>
    </Press>
  )
}

function HolderBox({ data }: BoxProps) {
  return (
    <div className={cx(frame(data), "bg-surface")}>
      <Press data={data} className="flex h-11 w-full flex-col justify-center rounded-t-sm px-2.5 text-left">
        <Title data={data} />
        <span className="flex min-w-0 items-baseline gap-1.5 text-2xs">
          <span className="truncate text-muted">{kindOf(data.box)}</span>
          {data.mark && <span className="ml-auto shrink-0 text-fg">{data.mark.words}</span>}
        </span>
      </Press>
    </div>
  )
}

function BlockBox({ data: { box } }: BoxProps) {
  return (
    <div className="size-full rounded-xs border border-line bg-sunken px-2 pt-1 text-2xs text-muted">{box.label}</div>
  )
}

const StartBox = () => (
  <div aria-hidden="true" className="size-full rounded-full border-2 border-line-control bg-surface" />
)
const EndBox = () => (
  <div
    aria-hidden="true"
    className="size-full rounded-full border-2 border-line-control bg-line-control shadow-[inset_0_0_0_2px_var(--surface)]"
  />
)

export const boxTypes = { state: StateBox, holder: HolderBox, block: BlockBox, start: StartBox, end: EndBox }

function Title({ data: { box, mark, isPale } }: { data: BoxData }) {
  return (
    <span className={cx("flex min-w-0 items-center gap-1.5", isPale ? "text-muted" : "font-medium")}>
      {mark?.look && <Glyph name={mark.look.glyph} tone={mark.look.tone} />}
      <span className="truncate">
        {box.label}
        {mark?.look && <span className="sr-only">{` ${mark.look.word}`}</span>}
      </span>
    </span>
  )
}

function kindOf({ state }: Box): string {
  if (state === null) return ""
  return state.detail === "" ? state.type : `${words[state.type] ?? state.type} · ${state.detail}`
}

const words: Readonly<Record<string, string>> = { "agent.run": "agent", "human.approval": "approval", run: "workflow" }

function Press({ data, className, children }: { data: BoxData; className: string; children: ReactNode }) {
  const { box, isSelected, onSelect } = data
  if (onSelect === undefined) return <div className={className}>{children}</div>
  return (
    <button
      type="button"
      aria-pressed={isSelected}
      onClick={() => onSelect(box.id)}
      className={cx(className, "nopan pointer-events-auto hover:bg-hover")}
    >
      {children}
    </button>
  )
}
