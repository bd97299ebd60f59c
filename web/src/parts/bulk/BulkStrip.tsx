import { useQuery, useQueryClient } from "@tanstack/react-query"
import type { Bulk } from "@waybill/contract"
import { useState } from "react"
import { api } from "../../data/api.ts"
import { notify } from "../../page/notify.ts"
import { ProblemNote } from "../../page/ProblemNote.tsx"
import { Button } from "../../ui/Button.tsx"
import { IconButton } from "../../ui/IconButton.tsx"
import { Meter } from "../../ui/Meter.tsx"
import { BulkItems } from "./BulkItems.tsx"
import { countWords, progressWords } from "./bulk-words.ts"
import { bulkQuery } from "./queries.ts"

interface BulkStripProps {
  readonly bulkId: string
  readonly onClose: () => void
}

/** How far a bulk action is, with pause, resume and abort while it goes on. It goes on without the strip as well. */
export function BulkStrip({ bulkId, onClose }: BulkStripProps) {
  const { data, error, refetch } = useQuery(bulkQuery(bulkId))
  const [isOpen, setOpen] = useState(false)
  if (data === undefined) {
    return (
      error && <ProblemNote error={error} about="The bulk action could not be found" onRetry={() => void refetch()} />
    )
  }
  const { total, left } = data.counts
  return (
    <section
      aria-label="Bulk action"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-raised py-2 pr-2 pl-3 shadow-popover"
    >
      <p role="status" className="font-medium">
        {progressWords(data)}
      </p>
      <Meter
        label="Dealt with"
        value={total - left}
        max={total}
        tone={data.counts.refused > 0 ? "waiting" : "completed"}
        text={countWords(data.counts)}
      />
      <span className="ml-auto flex flex-wrap items-center gap-1.5">
        <Steering bulk={data} />
        <Button onClick={() => setOpen(true)}>Run by run</Button>
        <IconButton icon="cross" label="Put this away; it goes on" onClick={onClose} />
      </span>
      {isOpen && <BulkItems bulk={data} onClose={() => setOpen(false)} />}
    </section>
  )
}

const verbs = {
  running: [
    ["pause", "Pause", "pause"],
    ["abort", "Stop", "stop"],
  ],
  paused: [
    ["resume", "Go on", "play"],
    ["abort", "Stop", "stop"],
  ],
  preview: [],
  done: [],
  aborted: [],
} as const

function Steering({ bulk: { bulkId, state } }: { bulk: Bulk }) {
  const queries = useQueryClient()
  const [busy, setBusy] = useState<string>()

  async function steer(verb: "pause" | "resume" | "abort") {
    if (bulkId === null) return
    setBusy(verb)
    try {
      queries.setQueryData(["bulk", bulkId], await api().bulk[verb](bulkId))
    } catch (error) {
      notify.failed("The bulk action goes on as it was", error)
    } finally {
      setBusy(undefined)
      void queries.invalidateQueries({ queryKey: ["bulk", bulkId] })
    }
  }

  return verbs[state].map(([verb, label, icon]) => (
    <Button key={verb} icon={icon} busy={busy === verb} onClick={() => void steer(verb)}>
      {label}
    </Button>
  ))
}
