import { useState } from "react"
import { problemWords } from "../../data/problem-words.ts"
import { notify } from "../../page/notify.ts"
import { Button } from "../../ui/Button.tsx"
import { ErrorNote } from "../../ui/ErrorNote.tsx"
import { Dialog } from "../../ui/overlay/Dialog.tsx"
import { Segments } from "../../ui/Segments.tsx"
import type { Chosen } from "../selection/chosen.ts"
import type { ExportFormat } from "./export-runs.ts"
import { saveRuns } from "./save-runs.ts"

interface ExportDialogProps {
  readonly chosen: Chosen
  /** `12 runs`, `All that match`. */
  readonly what: string
  readonly onClose: () => void
}

const formats = [
  { value: "csv", label: "CSV" },
  { value: "json", label: "JSON" },
  { value: "ndjson", label: "NDJSON" },
] as const

const about = {
  csv: "For a spreadsheet: one line a run. A cell that would be taken for a formula begins with an apostrophe.",
  json: "One list of runs, as the API answers them, without what may be done to them.",
  ndjson: "A run a line: for programs, and for as many runs as there are.",
} as const satisfies Record<ExportFormat, string>

/** What is seen in the list as a file; inputs, outputs and contexts are not in it. */
export function ExportDialog({ chosen, what, onClose }: ExportDialogProps) {
  const [format, setFormat] = useState<ExportFormat>("csv")
  const [state, setState] = useState<{ readonly busy: boolean; readonly error?: unknown }>({ busy: false })

  async function save() {
    if (state.busy) return
    setState({ busy: true })
    try {
      notify.done("The file is saved", await saveRuns(chosen, format))
      onClose()
    } catch (error) {
      setState({ busy: false, error })
    }
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Export ${what}`}
      footer={
        <>
          <Button size="lg" onClick={onClose}>
            Close
          </Button>
          <Button size="lg" look="primary" icon="download" busy={state.busy} onClick={() => void save()}>
            Save the file
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Segments label="Format" options={formats} value={format} onChange={setFormat} className="self-start" />
        <p className="text-muted">{about[format]}</p>
        {state.error !== undefined && <ErrorNote problem={problemWords(state.error)} />}
      </div>
    </Dialog>
  )
}
