/** The dialog of what is said beside a run. Nothing here touches its history, and each has its way back. */
import { useQuery } from "@tanstack/react-query"
import type { ResolutionState, RunSummary } from "@waybill/contract"
import { useState } from "react"
import { api } from "../../data/api.ts"
import { problemWords } from "../../data/problem-words.ts"
import { sessionQuery } from "../../data/queries.ts"
import { randomKey } from "../../data/random-key.ts"
import { Field } from "../../ui/form/Field.tsx"
import { TextField } from "../../ui/form/TextField.tsx"
import { ConfirmDialog } from "../../ui/overlay/ConfirmDialog.tsx"
import { tagsOf } from "../tags-of.ts"
import { unreachable } from "../unreachable.ts"
import { backTo } from "./back-to.ts"
import { ResolutionChoice } from "./ResolutionChoice.tsx"
import type { RemarkAct } from "./remark-acts.ts"
import { useSay } from "./use-say.ts"

interface RemarkDialogProps {
  readonly run: RunSummary
  readonly act: RemarkAct
  readonly onClose: () => void
}

export function RemarkDialog(props: RemarkDialogProps) {
  switch (props.act) {
    case "annotate":
      return <AnnotateDialog {...props} />
    case "tag":
      return <TagDialog {...props} />
    case "assign":
      return <AssignDialog {...props} />
    case "resolve":
      return <ResolveDialog {...props} />
    default:
      return unreachable(props.act)
  }
}

const beside = "It is kept beside the run with your name and the time; the run’s history stays as it is."

/** One key a dialog: pressed twice, or sent again after a break, it is said once. */
function useOnce() {
  const [idempotencyKey] = useState(randomKey)
  return { idempotencyKey }
}

function AnnotateDialog({ run: { runId }, onClose }: RemarkDialogProps) {
  const say = useSay(runId)
  const once = useOnce()
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Write a note"
      confirm="Write the note"
      decline="Close"
      tone="primary"
      effects={[beside]}
      reason={{
        label: "Note",
        required: true,
        hint: "What was found, what was done about it.",
        missing: "Write the note first.",
      }}
      toWords={problemWords}
      onConfirm={async (note) => {
        let noteId = ""
        const write = async () => {
          noteId = (await api().runs.annotate(runId, { note }, once)).annotationId
        }
        await say("The note is written", write, () => api().runs.withdrawAnnotation(runId, noteId))
      }}
    />
  )
}

function TagDialog({ run: { runId, tags }, onClose }: RemarkDialogProps) {
  const say = useSay(runId)
  const once = useOnce()
  const [text, setText] = useState("")
  const add = tagsOf(text).filter((tag) => !tags.includes(tag))
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Add tags"
      confirm={add.length > 1 ? `Add ${add.length} tags` : "Add the tag"}
      decline="Close"
      tone="primary"
      refused={add.length === 0 ? "Name a tag that the run does not have." : undefined}
      effects={[beside]}
      toWords={problemWords}
      onConfirm={() =>
        say(
          add.length > 1 ? "The tags are added" : "The tag is added",
          () => api().runs.tag(runId, { add: [...add] }, once),
          () => api().runs.tag(runId, { remove: [...add] }),
        )
      }
    >
      <Field label="Tags" hint="Several with commas between them.">
        <TextField value={text} onChange={(event) => setText(event.target.value)} maxLength={1000} />
      </Field>
    </ConfirmDialog>
  )
}

function AssignDialog({ run: { runId, owner }, onClose }: RemarkDialogProps) {
  const say = useSay(runId)
  const once = useOnce()
  const me = useQuery(sessionQuery()).data?.actor
  const [text, setText] = useState<string>()
  const next = (text ?? owner ?? me ?? "").trim() || null
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Give the run an owner"
      confirm={next === null ? "Take the owner away" : `Assign to ${next}`}
      decline="Close"
      tone="primary"
      refused={next === owner ? "It is so already." : undefined}
      effects={[beside]}
      toWords={problemWords}
      onConfirm={() =>
        say(
          next === null ? "Nobody owns the run any more" : `The run is ${next}’s`,
          () => api().runs.assign(runId, next, once),
          () => api().runs.assign(runId, owner),
        )
      }
    >
      <Field label="Owner" hint="As user:ann; empty: nobody any more.">
        <TextField
          value={text ?? owner ?? me ?? ""}
          onChange={(event) => setText(event.target.value)}
          maxLength={256}
        />
      </Field>
    </ConfirmDialog>
  )
}

function ResolveDialog({ run: { runId, resolution }, onClose }: RemarkDialogProps) {
  const say = useSay(runId)
  const once = useOnce()
  const [state, setState] = useState<ResolutionState>("resolved")
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="What became of this run?"
      confirm="Keep the resolution"
      decline="Close"
      tone="primary"
      effects={[beside, "A re-run that completes supersedes a failed run by itself."]}
      reason={{ label: "Reason", required: state !== "acknowledged", hint: "Kept with the resolution." }}
      toWords={problemWords}
      onConfirm={(reason) =>
        say(
          "The resolution is kept",
          () => api().runs.resolve(runId, { state, ...(reason !== "" && { reason }) }, once),
          () => backTo(runId, resolution),
        )
      }
    >
      <ResolutionChoice value={state} onChange={setState} />
    </ConfirmDialog>
  )
}
