import { useQuery } from "@tanstack/react-query"
import type { VersionSummary } from "@waybill/contract"
import { useGo } from "../../page/navigation.ts"
import { paths } from "../../paths.ts"
import { Field } from "../../ui/form/Field.tsx"
import { Select } from "../../ui/form/Select.tsx"
import { versionsQuery } from "../queries.ts"
import { VersionMeta } from "../version/VersionMeta.tsx"

interface VersionPicksProps {
  readonly workflowId: string
  readonly env: string
  readonly from: number
  readonly to: number
}

/** Which two, each with who made it, when and why; another choice is another address. */
export function VersionPicks({ workflowId, env, from, to }: VersionPicksProps) {
  const go = useGo()
  const versions = useQuery(versionsQuery(workflowId, env)).data?.items ?? []
  return (
    <div className="grid gap-x-6 gap-y-3 md:grid-cols-2">
      <Pick
        label="Before"
        versions={versions}
        value={from}
        onChange={(next) => go(paths.workflowVersions(workflowId, next, to))}
      />
      <Pick
        label="After"
        versions={versions}
        value={to}
        onChange={(next) => go(paths.workflowVersions(workflowId, from, next))}
      />
    </div>
  )
}

interface PickProps {
  readonly label: string
  readonly versions: readonly VersionSummary[]
  readonly value: number
  readonly onChange: (next: number) => void
}

function Pick({ label, versions, value, onChange }: PickProps) {
  const known = versions.map(({ versionNumber, version }) => ({
    value: String(versionNumber),
    label: `#${versionNumber} · ${version}`,
  }))
  const chosen = versions.find(({ versionNumber }) => versionNumber === value)
  // One that is older than those that were loaded is still the one that is compared.
  const options = chosen === undefined ? [...known, { value: String(value), label: `#${value}` }] : known
  return (
    <div className="flex min-w-0 flex-wrap items-end gap-3">
      <Field label={label} className="w-44">
        <Select size="md" options={options} value={String(value)} onChange={(next) => onChange(Number(next))} />
      </Field>
      {chosen !== undefined && <VersionMeta version={chosen} />}
    </div>
  )
}
