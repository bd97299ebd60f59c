import type { RunSummary, VersionSummary } from "@waybill/contract"
import { Field } from "../../../ui/form/Field.tsx"
import { Select } from "../../../ui/form/Select.tsx"

type VersionChoiceProps = {
  readonly run: RunSummary
  /** The newest first. */
  readonly versions: readonly VersionSummary[]
  readonly value: number | null
  readonly onChange: (versionNumber: number | null) => void
}

const SAME = "same"

export function VersionChoice({ run, versions, value, onChange }: VersionChoiceProps) {
  const others = versions.filter((version) => version.versionNumber !== run.versionNumber)
  const newest = versions[0]?.versionNumber
  const label = ({ version, versionNumber, note }: VersionSummary) =>
    [`${version} (number ${versionNumber})`, versionNumber === newest && "newest", note].filter(Boolean).join(" · ")
  return (
    <Field label="Version" hint={others.length === 0 ? "There is no other version of this workflow." : undefined}>
      <Select
        value={value === null ? SAME : String(value)}
        onChange={(chosen) => onChange(chosen === SAME ? null : Number(chosen))}
        className="max-w-96"
        options={[
          { value: SAME, label: `The same: ${run.workflowVersion} (number ${run.versionNumber})` },
          ...others.map((version) => ({ value: String(version.versionNumber), label: label(version) })),
        ]}
      />
    </Field>
  )
}
