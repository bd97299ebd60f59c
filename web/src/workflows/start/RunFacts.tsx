import { useQuery } from "@tanstack/react-query"
import type { Workflow } from "@waybill/contract"
import { Field } from "../../ui/form/Field.tsx"
import { Select } from "../../ui/form/Select.tsx"
import { Switch } from "../../ui/form/Switch.tsx"
import { TextField } from "../../ui/form/TextField.tsx"
import { versionsQuery } from "../queries.ts"
import type { StartDraft } from "./start-request.ts"

interface RunFactsProps {
  readonly workflow: Workflow
  readonly draft: StartDraft
  readonly onChange: (patch: Partial<StartDraft>) => void
}

/** What belongs to the run and not to its input. */
export function RunFacts({ workflow, draft, onChange }: RunFactsProps) {
  const { workflowId, environment, version, versionNumber, definition } = workflow
  const versions = useQuery(versionsQuery(workflowId, environment)).data?.items ?? []
  const older = versions.filter((one) => one.versionNumber !== versionNumber)
  const written = writtenIn(definition)
  return (
    <section aria-labelledby="run-facts" className="flex flex-col gap-3 border-t pt-4">
      <h3 id="run-facts" className="font-semibold">
        About the run
      </h3>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Business event"
          hint={written.businessEventId ?? "What in the business this is about; runs of one event are found together."}
        >
          <TextField
            mono
            maxLength={256}
            value={draft.businessEventId}
            onChange={(event) => onChange({ businessEventId: event.target.value })}
          />
        </Field>
        <Field label="Tags" hint={written.tags ?? "Parted by commas."}>
          <TextField value={draft.tags} onChange={(event) => onChange({ tags: event.target.value })} />
        </Field>
        <Field label="Version">
          <Select
            options={[
              { value: "", label: `the newest: ${version} (#${versionNumber})` },
              ...older.map((one) => ({
                value: String(one.versionNumber),
                label: `${one.version} (#${one.versionNumber})`,
              })),
            ]}
            value={draft.version === null ? "" : String(draft.version)}
            onChange={(value) => onChange({ version: value === "" ? null : Number(value) })}
          />
        </Field>
        <div className="flex items-end pb-1.5">
          <Switch checked={draft.startPaused} onChange={(startPaused) => onChange({ startPaused })}>
            Start paused
          </Switch>
        </div>
      </div>
    </section>
  )
}

/** What the definition says by itself, so that nobody wonders where it comes from. */
function writtenIn(definition: unknown): { readonly businessEventId?: string; readonly tags?: string } {
  if (typeof definition !== "object" || definition === null) return {}
  const { businessEventId, tags } = definition as { businessEventId?: unknown; tags?: unknown }
  return {
    ...(typeof businessEventId === "string" && {
      businessEventId: `Left empty, the definition makes it: ${businessEventId}`,
    }),
    ...(Array.isArray(tags) &&
      tags.length > 0 && { tags: `Parted by commas. The definition adds ${tags.join(", ")}.` }),
  }
}
