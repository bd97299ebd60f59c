import { useQuery } from "@tanstack/react-query"
import type { Workflow } from "@waybill/contract"
import { useMemo, useRef, useState } from "react"
import { api } from "../../data/api.ts"
import { randomKey } from "../../data/random-key.ts"
import { useKeys } from "../../keys/use-keys.ts"
import { useGo } from "../../page/navigation.ts"
import { notify } from "../../page/notify.ts"
import { InputEditor } from "../../parts/input-form/InputEditor.tsx"
import { focusPlace } from "../../parts/input-form/InputForm.tsx"
import { troublesIn } from "../../parts/input-form/problems.ts"
import { inputSchemaOf } from "../../parts/input-form/schema/input-schema.ts"
import { useCheckedInput } from "../../parts/input-form/use-checked-input.ts"
import { troublesOf, useInputForm } from "../../parts/input-form/use-input-form.ts"
import { paths } from "../../paths.ts"
import { Button } from "../../ui/Button.tsx"
import { Callout } from "../../ui/Callout.tsx"
import { Sheet } from "../../ui/overlay/Sheet.tsx"
import { useRefusals } from "../allowed.ts"
import { versionQuery } from "../queries.ts"
import { leftInputs } from "./left-inputs.ts"
import { NotStarted } from "./NotStarted.tsx"
import { RunFacts } from "./RunFacts.tsx"
import { StartState } from "./StartState.tsx"
import { emptyDraft, startRequest } from "./start-request.ts"

interface StartFormProps {
  readonly workflow: Workflow
  readonly onClose: () => void
  /** Throws away what was written. */
  readonly onAnew: () => void
}

export function StartForm({ workflow, onClose, onAnew }: StartFormProps) {
  const { workflowId, environment: env, name, description } = workflow
  const [draft, setDraft] = useState(emptyDraft)
  const chosen = useQuery({ ...versionQuery(workflowId, draft.version ?? 0, env), enabled: draft.version !== null })
  const definition = draft.version === null ? workflow.definition : (chosen.data?.definition ?? workflow.definition)
  const schema = useMemo(() => inputSchemaOf(definition), [definition])
  const [left] = useState(() => leftInputs.get(env, workflowId))
  const form = useInputForm(schema, left)
  const checked = useCheckedInput({ workflowId, env, version: draft.version, value: form.value })
  // One form starts one run, however often its answer is lost.
  const [key] = useState(randomKey)
  const [sent, setSent] = useState<{ isTried: boolean; isBusy: boolean; error?: unknown }>(notSent)
  const troubles = troublesOf(form, checked.problems, sent.isTried)
  const refused = useRefusals()(workflow).start
  const go = useGo()
  const body = useRef<HTMLDivElement>(null)

  function close() {
    leftInputs.set(env, workflowId, form.state.touched.size > 0 || left !== undefined ? form.value : undefined)
    onClose()
  }

  async function start() {
    if (sent.isBusy || refused !== undefined || form.isBroken) return
    setSent({ isTried: true, isBusy: true })
    const answer = await checked.now()
    if (answer?.valid === false) {
      setSent({ isTried: true, isBusy: false })
      return show(troublesIn(form.control, answer.problems)[0]?.pointer)
    }
    try {
      const request = startRequest({ workflowId, env, input: form.value }, draft)
      const { runId } = await api().runs.start(request, { idempotencyKey: key })
      leftInputs.set(env, workflowId, undefined)
      notify.done(draft.startPaused ? `${name} is there, paused` : `${name} has started`)
      go(paths.run(runId), { replace: true })
    } catch (error) {
      setSent({ isTried: true, isBusy: false, error })
      body.current?.scrollIntoView({ block: "start" })
    }
  }

  function show(pointer: string | undefined) {
    if (body.current !== null && pointer !== undefined) focusPlace(body.current, pointer)
  }

  useKeys(
    `Run ${name}`,
    { "Mod+Enter": { label: "Start the run", run: () => void start(), refused, inFields: true } },
    { isLayer: true },
  )

  return (
    <Sheet
      open
      onClose={close}
      width="xl"
      title={`Run ${name}`}
      description={description ?? undefined}
      footer={
        <>
          <StartState checked={checked} form={form} troubles={troubles} onShow={show} />
          <Button size="lg" onClick={close}>
            Close
          </Button>
          <Button
            size="lg"
            look="primary"
            icon="play"
            keys="Mod+Enter"
            busy={sent.isBusy}
            disabledReason={refused ?? (form.isBroken ? "A text in the form is no JSON yet" : undefined)}
            onClick={() => void start()}
          >
            {draft.startPaused ? "Create, paused" : "Start"}
          </Button>
        </>
      }
    >
      <div ref={body} className="flex flex-col gap-6 p-4">
        {sent.error !== undefined && <NotStarted error={sent.error} />}
        {refused !== undefined && <Callout tone="waiting" glyph="alert" title={refused} />}
        {left !== undefined && (
          <Callout
            tone="quiet"
            title="What you had written is still here"
            action={
              <Button size="sm" onClick={onAnew}>
                Begin anew
              </Button>
            }
          />
        )}
        <section aria-label="Input">
          <InputEditor form={form} troubles={troubles} />
        </section>
        <RunFacts workflow={workflow} draft={draft} onChange={(patch) => setDraft({ ...draft, ...patch })} />
      </div>
    </Sheet>
  )
}

const notSent = { isTried: false, isBusy: false }
