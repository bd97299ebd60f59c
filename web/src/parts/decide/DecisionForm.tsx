/**
 * Choosing, saying why, and deciding. Nothing is sent by choosing: an outcome's effect is read first, and one more press
 * decides. What is missing is said where it is missing, in words, before the server has to.
 */

import { useQuery } from "@tanstack/react-query"
import type { Approval } from "@waybill/contract"
import { type FormEvent, useMemo, useRef, useState } from "react"
import { sessionQuery } from "../../data/queries.ts"
import { useKeys } from "../../keys/use-keys.ts"
import { notify } from "../../page/notify.ts"
import { ProblemNote } from "../../page/ProblemNote.tsx"
import { Button } from "../../ui/Button.tsx"
import { Callout } from "../../ui/Callout.tsx"
import { Field } from "../../ui/form/Field.tsx"
import { TextArea } from "../../ui/form/TextArea.tsx"
import { InputForm } from "../input-form/InputForm.tsx"
import { troublesOf, useInputForm } from "../input-form/use-input-form.ts"
import { sentence } from "../run-actions/acts.ts"
import { asksForm, findingsOf, schemaOf } from "./asked-form.ts"
import type { AskingState } from "./asking-state.ts"
import { Choices } from "./Choices.tsx"
import { type Choice, choicesOf, missingFor, refusedWholly, saidWords } from "./choices.ts"
import { Delegation } from "./Delegation.tsx"
import type { useDecide } from "./use-decide.ts"

type DecisionFormProps = {
  readonly approval: Approval
  readonly state: AskingState | null | undefined
  readonly sending: ReturnType<typeof useDecide>
  /** The outcome that was chosen on the way here. */
  readonly say?: string
}

export function DecisionForm({ approval, state, sending, say }: DecisionFormProps) {
  const choices = choicesOf(approval)
  const [chosenName, setChosen] = useState(say ?? null)
  const [comment, setComment] = useState("")
  const form = useInputForm(useMemo(() => schemaOf(approval), [approval]))
  const [tried, setTried] = useState(false)
  const words = useRef<HTMLTextAreaElement>(null)
  const chosen = choices.find(({ outcome, refused }) => outcome === chosenName && refused === undefined)
  const isFormAsked = chosen !== undefined && asksForm(approval, chosen)
  const missing = chosen === undefined ? null : missingFor(chosen, comment)
  const refused = refusedWholly(choices)
  const me = useQuery(sessionQuery()).data?.actor
  const voted = approval.votes.find((vote) => vote.by === me)?.outcome as string | undefined

  function choose(outcome: string) {
    setChosen(outcome)
    setTried(false)
    sending.forget()
  }

  /** Whoever chose by key has said what; why comes next. */
  function chooseByKey(outcome: string) {
    choose(outcome)
    words.current?.focus()
  }

  async function send() {
    setTried(true)
    if (sending.busy || chosen === undefined) return
    if (missing !== null) return words.current?.focus()
    if (isFormAsked && form.isBroken) return
    const said = comment.trim()
    const body = {
      outcome: chosen.outcome,
      ...(said !== "" && { comment: said }),
      ...(isFormAsked && { form: form.value }),
      ...(approval.bound && { contentHash: approval.contentHash }),
    }
    // What was refused stands in the panel, with the reason.
    const after = await sending.send({ decide: body }).catch(() => null)
    if (after?.state === "pending") notify.done("Your vote counts", "Others are needed to decide.")
  }

  useKeys("Approval", {
    ...keysOf(choices, chooseByKey),
    "Mod+Enter": { label: decideWords(chosen), run: () => void send(), refused, inFields: true },
  })

  return (
    <form
      aria-label="Decide"
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void send()
      }}
      className="flex flex-col gap-3 bg-inherit"
    >
      {refused !== null &&
        (voted === undefined ? (
          <Callout tone="quiet" title="You cannot decide this">
            {sentence(refused)}
          </Callout>
        ) : (
          <Callout tone="completed" title={`You ${saidWords(voted)}, and it counts`}>
            It is decided when enough people have said the same.
          </Callout>
        ))}
      <Choices
        choices={choices}
        chosen={chosen?.outcome ?? null}
        onChoose={choose}
        state={state}
        votes={approval.votes}
        isReasonSaid={refused !== null}
      />
      {isFormAsked && (
        <section aria-label="To fill in">
          <InputForm form={form} troubles={troublesOf(form, findingsOf(sending.error), tried)} />
        </section>
      )}
      {refused === null && (
        <Field
          label="Comment"
          required={chosen?.needsComment}
          hint={chosen?.needsComment ? undefined : "Kept with the decision, for whoever reads the run later."}
          error={tried && missing !== null ? missing : undefined}
        >
          <TextArea
            ref={words}
            value={comment}
            maxLength={10_000}
            onChange={(event) => setComment(event.target.value)}
          />
        </Field>
      )}
      {sending.error !== null && <NotDecided error={sending.error} />}
      {/* In reach however long the evidence is. */}
      <div className="sticky bottom-0 z-1 -mx-4 flex flex-wrap items-center justify-end gap-2 rounded-b-md border-t bg-inherit px-4 py-3">
        {tried && chosen === undefined && refused === null && (
          <p role="alert" className="grow text-xs text-danger">
            Choose first what you want to say.
          </p>
        )}
        <Delegation approval={approval} sending={sending} />
        <Button
          type="submit"
          size="lg"
          look={chosen?.look === "danger" ? "danger-fill" : "primary"}
          keys="Mod+Enter"
          busy={sending.busy}
          disabledReason={refused ?? undefined}
        >
          {decideWords(chosen)}
        </Button>
      </div>
    </form>
  )
}

const decideWords = (chosen: Choice | undefined) => chosen?.label ?? "Decide"

function keysOf(choices: readonly Choice[], choose: (outcome: string) => void) {
  return Object.fromEntries(
    choices.flatMap(({ keys, label, outcome, refused }) =>
      keys === undefined ? [] : [[keys, { label, refused, run: () => choose(outcome) }]],
    ),
  )
}

/** What stands at the fields already needs no second word. */
function NotDecided({ error }: { readonly error: unknown }) {
  if (findingsOf(error).length === 0) return <ProblemNote error={error} about="It was not decided" />
  return <Callout tone="failed" title="It was not decided: what is marked above does not fit." />
}
