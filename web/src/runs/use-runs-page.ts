/** What the parts of the page share: the address, the list, and what is chosen, focused and about to be done. */
import { useRef, useState } from "react"
import type { Asked, NoParams } from "../page/define-page.ts"
import { useGo, useSetSearch } from "../page/navigation.ts"
import type { Act } from "../parts/run-actions/acts.ts"
import { paths } from "../paths.ts"
import { usePreference } from "../prefs/preference.ts"
import { type Selection, toggled } from "../ui/table/selection.ts"
import { density, nextDensity } from "./density.ts"
import { askedRuns } from "./list/asked.ts"
import { useRunList } from "./list/use-run-list.ts"
import type { RunsLayer, RunsPageSearch } from "./search.ts"
import { allMatching, type Chosen, noneChosen, ticks } from "./selection/chosen.ts"

export type RunsModel = ReturnType<typeof useRunsPage>

export function useRunsPage({ search, env }: Asked<NoParams, RunsPageSearch>) {
  const setSearch = useSetSearch<RunsPageSearch>()
  const go = useGo()
  const asked = askedRuns(search, env)
  const runs = useRunList(asked)
  const [height, setHeight] = usePreference(density)
  const [focused, setFocused] = useState<string>()
  const [act, setAct] = useState<{ readonly runId: string; readonly act: Act } | null>(null)
  const [chosen, setChosen] = useChosen(`${asked.query} ${asked.env} ${asked.fold ?? ""}`)
  const table = useRef<HTMLTableElement>(null)
  const query = useRef<HTMLInputElement>(null)
  const ids = runs.data?.ids ?? []

  return {
    search,
    env,
    asked,
    runs,
    ids,
    height,
    focused,
    act,
    chosen,
    table,
    query,
    /** As it was written, without the time range. */
    q: search.q ?? "",
    setSearch,
    setQuery: (next: string, step?: { replace: boolean }) => setSearch({ q: next.trim() || undefined }, step),
    setOpen: (open: RunsLayer | undefined) => setSearch({ open }, { replace: true }),
    setAct,
    nextHeight: () => setHeight(nextDensity(height)),
    open: (runId: string) => go(paths.run(runId)),
    decide: (approvalId: string) => go(paths.approval(approvalId)),
    peek: (runId: string | undefined) => setSearch({ peek: runId }),
    /** A look at a run goes along with the keyboard. */
    focus(runId: string) {
      setFocused(runId)
      if (search.peek !== undefined && search.peek !== runId) setSearch({ peek: runId }, { replace: true })
    },
    /** What is new comes in, and the reader stands at the top, where it is. */
    show() {
      runs.loader.show()
      table.current?.parentElement?.scrollTo({ top: 0 })
    },
    choose: (selection: Selection) => setChosen({ kind: "some", ids: selection }),
    tick: (runId: string) => setChosen({ kind: "some", ids: toggled(ticks(chosen, ids), runId) }),
    chooseAll: () => setChosen(allMatching(asked, new Date())),
    chooseNone: () => setChosen(noneChosen),
  }
}

/** Whoever asks for other runs has chosen none of them: nothing is done to runs that are not seen. */
function useChosen(of: string): readonly [Chosen, (chosen: Chosen) => void] {
  const [state, setState] = useState({ of, chosen: noneChosen })
  const chosen = state.of === of ? state.chosen : noneChosen
  return [chosen, (next) => setState({ of, chosen: next })]
}
