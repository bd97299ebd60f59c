import { useQuery } from "@tanstack/react-query"
import type { RunSummary } from "@waybill/contract"
import { useId } from "react"
import { Select } from "../../../ui/form/Select.tsx"
import { versionQuery } from "./queries.ts"
import { Radio } from "./Radio.tsx"
import { topStates } from "./top-states.ts"

type BeginAtProps = {
  readonly run: RunSummary
  readonly versionNumber: number
  readonly value: string | null
  readonly onChange: (from: string | null) => void
}

/** From the start, from what failed, or from a state that the first run came to. */
export function BeginAt({ run, versionNumber, value, onChange }: BeginAtProps) {
  const group = useId()
  const version = useQuery(versionQuery(run.workflowId, run.environment, versionNumber))
  const states = topStates(version.data?.definition)
  const hasFailed = run.status === "FAILED" || run.status === "TIMED_OUT"
  const isState = value !== null && value !== "failed"
  const first = states[0]?.name ?? ""
  const chosen = isState ? value : first
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-xs font-medium">It begins</legend>
      <Radio group={group} checked={value === null} onChoose={() => onChange(null)} detail="Every step runs again.">
        at the start
      </Radio>
      <Radio
        group={group}
        checked={value === "failed"}
        onChoose={() => onChange("failed")}
        disabledReason={hasFailed || value === "failed" ? undefined : "No step of this run has failed for good."}
        detail="What succeeded before it is taken over as it is."
      >
        at the step that failed
      </Radio>
      <Radio
        group={group}
        checked={isState}
        onChoose={() => onChange(chosen)}
        disabledReason={states.length === 0 ? "The states of this version are not known yet." : undefined}
        detail="With the context that the first run had in front of it."
      >
        at a state
      </Radio>
      {isState && (
        <Select
          aria-label="The state to begin at"
          className="ml-6 max-w-80"
          value={chosen}
          onChange={onChange}
          options={states.map(({ name, type }) => ({ value: name, label: `${name} · ${type}` }))}
        />
      )}
    </fieldset>
  )
}
