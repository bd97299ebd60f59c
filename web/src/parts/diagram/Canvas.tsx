import "@xyflow/react/dist/base.css"
import { type Node, ReactFlow, ReactFlowProvider, useReactFlow, ViewportPortal } from "@xyflow/react"
import { useMemo } from "react"
import { IconButton } from "../../ui/IconButton.tsx"
import { type BoxData, boxTypes } from "./boxes.tsx"
import type { DiagramProps } from "./diagram-props.ts"
import type { DiagramBlock } from "./graph.ts"
import { type Diagram, layOut } from "./layout.ts"
import { Ways } from "./Ways.tsx"

type CanvasProps = Omit<DiagramProps, "definition"> & { readonly block: DiagramBlock }

const MARGIN_PX = 24
const HEIGHT_MIN_PX = 200
const HEIGHT_MAX_PX = 4_000
const FIT = { padding: `${MARGIN_PX}px`, maxZoom: 1 } as const

/** As tall as the picture is when it fits the width, so that all of it is legible; the page scrolls over it. */
const heightOf = ({ width, height }: Diagram): string =>
  `clamp(${HEIGHT_MIN_PX}px, min(${Math.ceil(height)}px, (100cqw - ${2 * MARGIN_PX}px) * ${height / width}) + ${2 * MARGIN_PX}px, ${HEIGHT_MAX_PX}px)`

/** Moved by dragging and by its buttons; the wheel is the page's. */
export default function Canvas({ block, label, marks, isOverlay = false, selected, onSelect }: CanvasProps) {
  const diagram = useMemo(() => layOut(block), [block])
  const nodes = useMemo(
    () => nodesOf(diagram, { marks, isOverlay, selected, onSelect }),
    [diagram, marks, isOverlay, selected, onSelect],
  )
  return (
    <div className="@container">
      <section
        aria-label={label}
        className="relative w-full rounded-md border bg-surface [&_a[href*=reactflow]]:text-faint! [&_div:has(>a[href*=reactflow])]:bg-transparent!"
        style={{ height: heightOf(diagram) }}
      >
        <ReactFlowProvider>
          <ReactFlow
            nodes={nodes}
            edges={noEdges}
            nodeTypes={boxTypes}
            fitView
            fitViewOptions={FIT}
            minZoom={0.15}
            maxZoom={1.5}
            nodesDraggable={false}
            nodesConnectable={false}
            nodesFocusable={false}
            elementsSelectable={false}
            zoomOnScroll={false}
            zoomOnDoubleClick={false}
            preventScrolling={false}
            // Nothing of it is deleted or chosen by keys.
            deleteKeyCode={null}
            selectionKeyCode={null}
            disableKeyboardA11y
          >
            <ViewportPortal>
              <Ways diagram={diagram} />
            </ViewportPortal>
          </ReactFlow>
          <Zoom />
        </ReactFlowProvider>
      </section>
    </div>
  )
}

const noEdges: never[] = []

function Zoom() {
  const { zoomIn, zoomOut, fitView } = useReactFlow()
  return (
    <div className="absolute top-2 right-2 flex gap-0.5 rounded-sm border bg-surface p-0.5">
      <IconButton size="sm" icon="plus" label="Larger" onClick={() => void zoomIn()} />
      <IconButton size="sm" icon="minus" label="Smaller" onClick={() => void zoomOut()} />
      <IconButton size="sm" icon="search" label="All of it" onClick={() => void fitView(FIT)} />
    </div>
  )
}

type Shown = Pick<CanvasProps, "marks" | "selected" | "onSelect"> & { readonly isOverlay: boolean }

function nodesOf(diagram: Diagram, { marks, isOverlay, selected, onSelect }: Shown): Node<BoxData>[] {
  return diagram.boxes.map((box) => {
    const mark = marks?.get(box.id)
    return {
      id: box.id,
      type: box.kind,
      position: { x: box.x, y: box.y },
      width: box.width,
      height: box.height,
      zIndex: box.depth,
      data: {
        box,
        mark,
        isPale: isOverlay && mark === undefined,
        isSelected: box.id === selected,
        onSelect: onSelect !== undefined && (mark !== undefined || !isOverlay) ? onSelect : undefined,
      },
    }
  })
}
