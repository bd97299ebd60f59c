import type { Workflow } from "@waybill/contract"
import { Callout } from "../../ui/Callout.tsx"
import { CopyId } from "../../ui/CopyId.tsx"
import { syncWords } from "../words.ts"
import { Command } from "./Command.tsx"
import { syncCommand, updateCommand } from "./how-to.ts"

/** Definitions are edited where they lie; these pages show them. */
export function HowToEdit({ workflow }: { workflow: Workflow }) {
  const { source, file, environment, format, version } = workflow
  const { word, advice, tone } = syncWords(workflow)
  const update = updateCommand(globalThis.location.origin, workflow, format)
  return (
    <div className="flex flex-col gap-3">
      {advice !== null && (
        <Callout tone={tone} glyph="alert" title={word}>
          {advice}
        </Callout>
      )}
      {source === "file" && file !== null ? (
        <>
          <p>
            It lies in <CopyId id={`${environment}/${file}`} label="path" whole className="text-fg" /> in the folder of
            the environments. Edit it there, then let the server read it; under <code>waybill dev</code> that happens
            when the file is saved.
          </p>
          <Command text={syncCommand(environment)} what="the command" />
          <p className="text-muted">
            A version that is sent over the API serves too, but then the file is behind, and the next sync asks which of
            the two is meant.
          </p>
        </>
      ) : (
        <>
          <p>
            It was made over the API. Take its text from the tab Definition, edit it, and send it: it becomes the next
            version after {version}, and runs that have begun keep theirs.
          </p>
          <Command text={update} what="the request" />
        </>
      )}
    </div>
  )
}
