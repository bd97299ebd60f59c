import { useQuery } from "@tanstack/react-query"
import { sessionQuery } from "../data/queries.ts"
import { lacksRole } from "../data/roles.ts"
import { useKeys } from "../keys/use-keys.ts"
import { copyText } from "../ui/copy-text.ts"
import { isAnyChosen } from "./selection/chosen.ts"
import type { RunsModel } from "./use-runs-page.ts"

/**
 * The keys of ui.md §5 for lists. Those that move through the rows are the table's own as soon as it has the focus; acts
 * are for the runs that are chosen, else for the one that is looked into or has the focus.
 */
export function useRunsKeys(model: RunsModel): void {
  const { ids, focused, search, table, chosen } = model
  const here = search.peek ?? focused
  const isAny = isAnyChosen(chosen)
  const nobody = here === undefined ? "No run is chosen: move to one with j and k" : null
  const nobodyChosen = isAny ? null : nobody
  const refused = lacksRole(useQuery(sessionQuery()).data, "operator") ?? nobodyChosen
  const onHere = (run: (runId: string) => void) => () => here !== undefined && run(here)
  const act = (name: "rerun" | "cancel") => () =>
    isAny ? model.setOpen(name) : here !== undefined && model.setAct({ runId: here, act: { name } })
  const copyIds = () => {
    const runIds = chosen.kind === "some" && isAny ? [...chosen.ids] : here === undefined ? [] : [here]
    if (runIds.length > 0)
      void copyText(runIds.join("\n"), runIds.length === 1 ? "the run id" : `${runIds.length} run ids`)
  }
  const move = (by: number) => () => {
    table.current?.focus({ preventScroll: true })
    const at = focused === undefined ? -1 : ids.indexOf(focused)
    const next = ids[Math.max(0, Math.min(ids.length - 1, at + by))]
    if (next !== undefined) model.focus(next)
  }
  useKeys("Runs", {
    "/": { label: "Write a query", run: () => model.query.current?.focus() },
    j: { label: "To the next run", run: move(1) },
    k: { label: "To the run before", run: move(-1) },
    Enter: { label: "Open the run", run: onHere(model.open), refused: nobody },
    Space: {
      label: "Look into the run, or stop looking",
      run: onHere((runId) => model.peek(search.peek === runId ? undefined : runId)),
      refused: nobody,
    },
    x: { label: "Choose the run, or let it go", run: onHere(model.tick), refused: nobody },
    a: { label: "Choose all that match", run: model.chooseAll },
    r: { label: "Re-run what is chosen", run: act("rerun"), refused },
    c: { label: "Cancel what is chosen", run: act("cancel"), refused },
    e: { label: "Export what is chosen, or all that match", run: () => model.setOpen("export") },
    y: { label: "Copy the ids of what is chosen", run: copyIds, refused: nobodyChosen },
    n: { label: "Show what is new", run: model.show },
    f: { label: "Only some workflows", run: () => model.setOpen("workflow") },
    t: { label: "Another time range", run: () => model.setOpen("time") },
    d: { label: "Rows closer or wider apart", run: model.nextHeight },
  })
  useKeys(
    "Runs",
    { Escape: { label: "Choose none", run: model.chooseNone } },
    { isOn: isAny && search.peek === undefined && search.open === undefined },
  )
}
