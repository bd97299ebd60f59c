import { BulkDialog } from "../parts/bulk/BulkDialog.tsx"
import { type BulkAction, runs } from "../parts/bulk/bulk-words.ts"
import { ExportDialog } from "./export/ExportDialog.tsx"
import { actOf } from "./peek/act-of.ts"
import { PeekSheet } from "./peek/PeekSheet.tsx"
import { RunAct } from "./peek/RunAct.tsx"
import type { RunsLayer } from "./search.ts"
import { allMatching, type Chosen, cohortOf, isAnyChosen } from "./selection/chosen.ts"
import type { RunsModel } from "./use-runs-page.ts"

/** What opens over the list: a look into a run, the dialog of one act, those of what is done to many. */
export function RunsLayers({ model }: { model: RunsModel }) {
  const { search, chosen, act, setAct } = model
  const { peek, open } = search
  const close = () => model.setOpen(undefined)
  const isAny = isAnyChosen(chosen)
  const bulkAction = open === undefined ? undefined : bulkOf[open]
  return (
    <>
      {peek !== undefined && (
        <PeekSheet
          runId={peek}
          onClose={() => model.peek(undefined)}
          onAct={(next) => setAct({ runId: peek, act: next })}
          onNext={(next) => {
            const meant = actOf(next)
            if (meant !== null) setAct({ runId: peek, act: meant })
            else if (next.approvalId !== null) model.decide(next.approvalId)
          }}
        />
      )}
      {act !== null && <RunAct runId={act.runId} act={act.act} onClose={() => setAct(null)} />}
      {bulkAction !== undefined && isAny && (
        <BulkDialog
          action={bulkAction}
          cohort={cohortOf(chosen)}
          onClose={close}
          onStarted={({ bulkId }) => {
            model.chooseNone()
            model.setSearch({ bulk: bulkId ?? undefined, open: undefined })
          }}
        />
      )}
      {open === "export" && (
        <ExportDialog
          chosen={isAny ? chosen : allMatching(model.asked, new Date())}
          what={isAny ? wordsOf(chosen) : "all runs that match"}
          onClose={close}
        />
      )}
    </>
  )
}

/** The layers that do something to what is chosen. */
const bulkOf: { readonly [Layer in RunsLayer]?: BulkAction } = {
  cancel: "cancel",
  rerun: "rerun",
  addTags: "tag",
  assign: "assign",
  resolve: "resolve",
}

function wordsOf(chosen: Chosen): string {
  return chosen.kind === "all" ? "all runs that match" : runs(chosen.ids.size)
}
