/**
 * Before something is done to many runs: how many, which are refused and why, what will happen, and a reason. Nothing is
 * done before it is sent; then the server has the runs frozen, and `BulkStrip` tells how far it is.
 */
import { useQuery } from "@tanstack/react-query"
import type { Bulk } from "@waybill/contract"
import { useState } from "react"
import { api } from "../../data/api.ts"
import { problemWords } from "../../data/problem-words.ts"
import { randomKey } from "../../data/random-key.ts"
import { ProblemNote } from "../../page/ProblemNote.tsx"
import { ConfirmDialog } from "../../ui/overlay/ConfirmDialog.tsx"
import { Segments } from "../../ui/Segments.tsx"
import { Skeleton } from "../../ui/Skeleton.tsx"
import { BulkPreview } from "./BulkPreview.tsx"
import { BulkSays } from "./BulkSays.tsx"
import { anything, type BulkSaid, changeOf, nothingSaid, unsaid } from "./bulk-said.ts"
import { type BulkAction, bulkWords, runs } from "./bulk-words.ts"
import { type BulkAsk, bodyOf, type Cohort } from "./cohort.ts"
import { bulkPreviewQuery } from "./queries.ts"

interface BulkDialogProps {
  readonly action: BulkAction
  readonly cohort: Cohort
  readonly onClose: () => void
  readonly onStarted: (bulk: Bulk) => void
}

const noneOf = (count: number) => (count === 0 ? "None of these runs takes it." : undefined)

const places = [
  { value: "start", label: "From the start" },
  { value: "failed", label: "From where it failed" },
] as const

export function BulkDialog({ action, cohort, onClose, onStarted }: BulkDialogProps) {
  const [place, setPlace] = useState<(typeof places)[number]["value"]>("start")
  // One key for the dialog: pressed twice, or sent again after a break, it is one action.
  const [idempotencyKey] = useState(randomKey)
  const [said, setSaid] = useState<BulkSaid>(nothingSaid)
  const begun = action === "rerun" && place === "failed" && { from: "failed" }
  // Who is refused does not hang on what is said: it is not looked for again at every letter.
  const preview = useQuery(bulkPreviewQuery({ action, cohort, ...begun, ...changeOf(action, anything) }))
  const ask: BulkAsk = { action, cohort, ...begun, ...changeOf(action, said) }
  const { verb, effects } = bulkWords[action]
  const count = preview.data?.counts.left
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`${verb} ${preview.data ? runs(preview.data.counts.total) : "these runs"}?`}
      confirm={count === undefined ? `${verb} the runs` : `${verb} ${runs(count)}`}
      tone={action === "cancel" ? "danger" : "primary"}
      refused={count === undefined ? "It is not known yet what would happen." : (noneOf(count) ?? unsaid(action, said))}
      effects={effects}
      reason={{ label: "Reason", required: true, hint: "Kept with every run." }}
      toWords={problemWords}
      onConfirm={async (reason) => onStarted(await api().bulk.start(bodyOf(ask, reason), { idempotencyKey }))}
    >
      <BulkSays action={action} said={said} onChange={setSaid} />
      {action === "rerun" && <Segments label="Where to begin" options={places} value={place} onChange={setPlace} />}
      {preview.error && (
        <ProblemNote
          error={preview.error}
          about="What would happen could not be told"
          onRetry={() => void preview.refetch()}
        />
      )}
      {preview.isPending && (
        <p role="status" className="flex flex-col gap-2">
          <span className="sr-only">Looking at each of the runs</span>
          <Skeleton className="w-2/3" />
          <Skeleton className="w-1/2" />
        </p>
      )}
      {preview.data && <BulkPreview bulk={preview.data} />}
    </ConfirmDialog>
  )
}
