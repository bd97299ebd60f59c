import type { RefObject } from "react"
import { useKeys } from "../keys/use-keys.ts"
import type { ActName } from "../parts/run-actions/acts.ts"
import { copyText } from "../ui/copy-text.ts"
import type { RunsLayer } from "./search.ts"

interface RunsKeys {
  readonly ids: readonly string[]
  readonly focused: string | undefined
  readonly peeked: string | undefined
  readonly table: RefObject<HTMLTableElement | null>
  readonly query: RefObject<HTMLInputElement | null>
  readonly focus: (runId: string) => void
  readonly peek: (runId: string | undefined) => void
  readonly open: (runId: string) => void
  readonly show: () => void
  readonly tick: (runId: string) => void
  readonly act: (runId: string, name: ActName) => void
  readonly layer: (layer: RunsLayer) => void
  readonly density: () => void
}

/** The keys of ui.md §5 for lists. Those that move through the rows are the table's own as soon as it has the focus. */
export function useRunsKeys(keys: RunsKeys): void {
  const { ids, focused, peeked, table, layer } = keys
  const here = peeked ?? focused
  const none = here === undefined ? "No run is chosen: move to one with j and k" : null
  const at = focused === undefined ? -1 : ids.indexOf(focused)
  const onHere = (run: (runId: string) => void) => () => here !== undefined && run(here)
  const move = (by: number) => () => {
    table.current?.focus({ preventScroll: true })
    const next = ids[Math.max(0, Math.min(ids.length - 1, at + by))]
    if (next !== undefined) keys.focus(next)
  }
  useKeys("Runs", {
    "/": { label: "Write a query", run: () => keys.query.current?.focus() },
    j: { label: "To the next run", run: move(1) },
    k: { label: "To the run before", run: move(-1) },
    Enter: { label: "Open the run", run: onHere(keys.open), refused: none },
    Space: {
      label: "Look into the run, or stop looking",
      run: onHere((id) => keys.peek(peeked === id ? undefined : id)),
      refused: none,
    },
    x: { label: "Choose the run, or let it go", run: onHere(keys.tick), refused: none },
    y: { label: "Copy the run's id", run: onHere((id) => void copyText(id, "run id")), refused: none },
    r: { label: "Run it again", run: onHere((id) => keys.act(id, "rerun")), refused: none },
    c: { label: "Cancel it", run: onHere((id) => keys.act(id, "cancel")), refused: none },
    n: { label: "Show what is new", run: keys.show },
    f: { label: "Only some workflows", run: () => layer("workflow") },
    t: { label: "Another time range", run: () => layer("time") },
    d: { label: "Rows closer or wider apart", run: keys.density },
  })
}
