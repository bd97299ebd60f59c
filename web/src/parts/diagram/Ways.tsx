import { cx } from "../../ui/cx.ts"
import type { Route } from "./graph.ts"
import { type Diagram, pathThrough } from "./layout.ts"

const strokes = {
  next: "stroke-line-control",
  choice: "stroke-line-control",
  caught: "stroke-failed [stroke-dasharray:4_3]",
  timeout: "stroke-waiting [stroke-dasharray:4_3]",
  rejected: "stroke-failed [stroke-dasharray:4_3]",
  rewind: "stroke-waiting [stroke-dasharray:4_3]",
} as const satisfies Record<Route, string>

/** The ways between the boxes: solid where all goes well, dashed where something went wrong. */
export function Ways({ diagram: { width, height, lines } }: { diagram: Diagram }) {
  return (
    <>
      <svg
        aria-hidden="true"
        width={width}
        height={height}
        className="pointer-events-none absolute top-0 left-0 overflow-visible"
        style={{ zIndex: 50 }}
      >
        <defs>
          <marker id="way-end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0.5 0.5 7.5 4 0.5 7.5z" className="fill-line-control" />
          </marker>
        </defs>
        {lines.map((line) => (
          <path
            key={line.id}
            d={pathThrough(line.points)}
            markerEnd="url(#way-end)"
            className={cx("fill-none [stroke-width:1.25]", strokes[line.way.route])}
          />
        ))}
      </svg>
      {lines.map(
        ({ id, at, way }) =>
          at !== null && (
            <span
              key={id}
              className="pointer-events-none absolute -translate-x-1/2 -translate-y-1/2 rounded-xs bg-surface px-1 text-2xs whitespace-nowrap text-muted"
              style={{ left: at.x, top: at.y, zIndex: 60 }}
            >
              {way.label}
            </span>
          ),
      )}
    </>
  )
}
