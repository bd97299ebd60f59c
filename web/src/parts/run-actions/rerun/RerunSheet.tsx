/**
 * A re-run is a new run, linked to this one. The panel asks where it begins, with what, on which version and why, and
 * shows by a dry run what is taken over and what acts a second time; nothing is started before the button is pressed.
 */
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { type FormEvent, useDeferredValue, useId, useState } from "react"
import { api } from "../../../data/api.ts"
import { problemWords } from "../../../data/problem-words.ts"
import { runEndsQuery } from "../../../data/queries.ts"
import { hasEnded } from "../../../data/run-ended.ts"
import { useGo } from "../../../page/navigation.ts"
import { notify } from "../../../page/notify.ts"
import { paths } from "../../../paths.ts"
import { Button } from "../../../ui/Button.tsx"
import { ErrorNote } from "../../../ui/ErrorNote.tsx"
import { Field } from "../../../ui/form/Field.tsx"
import { TextArea } from "../../../ui/form/TextArea.tsx"
import { Sheet } from "../../../ui/overlay/Sheet.tsx"
import type { ActDialogProps } from "../act-dialog.ts"
import { NowStands } from "../NowStands.tsx"
import { BeginAt } from "./BeginAt.tsx"
import { InputEdit } from "./InputEdit.tsx"
import { PlanNote } from "./PlanNote.tsx"
import { versionsQuery } from "./queries.ts"
import { type RerunDraft, requestOf } from "./rerun-draft.ts"
import { VersionChoice } from "./VersionChoice.tsx"

export function RerunSheet({ run, act, onClose, onDone }: ActDialogProps) {
  const form = useId()
  const go = useGo()
  const whole = useQuery(runEndsQuery(run.runId, hasEnded(run.status)))
  const versions = useQuery(versionsQuery(run))
  const [draft, setDraft] = useState<RerunDraft>({ ...asItWas, from: act.from ?? null })
  const [state, setState] = useState<{ busy: boolean; missing?: boolean; error?: unknown }>({ busy: false })
  const change = (patch: Partial<RerunDraft>) => setDraft((before) => ({ ...before, ...patch }))

  const input = whole.data?.input
  const request = requestOf(draft, input)
  // The plan follows what is typed at its own pace; the reason is no part of it.
  const planned = useDeferredValue(JSON.stringify(request.ok ? { ...request.body, reason: "dry run" } : null))
  const plan = useQuery({
    queryKey: ["rerun-plan", run.runId, planned],
    queryFn: () => api().runs.planRerun(run.runId, JSON.parse(planned)),
    enabled: planned !== "null" && whole.data !== undefined,
    placeholderData: keepPreviousData,
  })

  async function start(event: FormEvent) {
    event.preventDefault()
    if (state.busy || !request.ok) return
    if (draft.reason.trim() === "") return setState({ busy: false, missing: true })
    setState({ busy: true })
    try {
      const made = await api().runs.rerun(run.runId, request.body)
      notify.done("The re-run has begun", made.runId)
      onDone()
      // In the place of this panel: "back" leads to the run and not to the panel again.
      go(paths.run(made.runId), { replace: true })
    } catch (error) {
      setState({ busy: false, error })
      onDone()
    }
  }

  return (
    <Sheet
      open
      onClose={onClose}
      width="lg"
      title="Re-run"
      description="A new run, linked to this one. This one stays as it is."
      footer={
        <>
          <Button size="lg" onClick={onClose}>
            Close
          </Button>
          <Button
            size="lg"
            look="primary"
            icon="rerun"
            type="submit"
            form={form}
            busy={state.busy}
            disabledReason={request.ok ? undefined : request.message}
          >
            Start the re-run
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={start} className="flex flex-col gap-5 p-4">
        <NowStands run={run} />
        <BeginAt
          run={run}
          versionNumber={draft.versionNumber ?? run.versionNumber}
          value={draft.from}
          onChange={(from) => change({ from })}
        />
        <VersionChoice
          run={run}
          versions={versions.data?.items ?? []}
          value={draft.versionNumber}
          onChange={(versionNumber) => change({ versionNumber })}
        />
        <InputEdit original={input} draft={draft} problem={request.ok ? undefined : request} onChange={change} />
        <PlanNote plan={plan.data} error={plan.error} isOld={plan.isPlaceholderData || plan.isFetching} />
        <Field
          label="Reason"
          required
          hint="Kept with both runs: what is different this time."
          error={state.missing && draft.reason.trim() === "" ? "Say why; it is kept with the run." : undefined}
        >
          <TextArea
            rows={2}
            value={draft.reason}
            maxLength={2000}
            onChange={(event) => change({ reason: event.target.value })}
          />
        </Field>
        {state.error !== undefined && <ErrorNote problem={problemWords(state.error)} />}
      </form>
    </Sheet>
  )
}

const asItWas: RerunDraft = { from: null, versionNumber: null, inputText: null, contextText: "", reason: "" }
