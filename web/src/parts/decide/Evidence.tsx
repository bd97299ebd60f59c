import type { Json } from "@waybill/contract"
import { JsonScalar } from "../../ui/json/JsonScalar.tsx"
import { JsonTree } from "../../ui/json/JsonTree.tsx"
import { depthInSight, flatEntries } from "./flat.ts"

type EvidenceProps = { readonly value: Json; readonly label: string; readonly root: string }

/** A value that was shown or filled in: what is small and flat reads like a form, everything else can be looked into. */
export function Evidence({ value, label, root }: EvidenceProps) {
  return (
    <section aria-label={label} className="flex min-w-0 flex-col gap-1">
      <p className="text-xs font-medium">{label}</p>
      <Value value={value} label={label} root={root} />
    </section>
  )
}

function Value({ value, label, root }: EvidenceProps) {
  const entries = flatEntries(value)
  if (entries === null)
    return <JsonTree value={value} label={label} root={root} openDepth={depthInSight(value)} className="max-h-112" />
  return (
    <dl className="grid grid-cols-[minmax(5rem,max-content)_1fr] gap-x-4 gap-y-1 rounded-md border bg-sunken px-3 py-2">
      {entries.map(([name, one]) => (
        <div key={name} className="contents">
          <dt className="max-w-48 text-muted wrap-anywhere">{name}</dt>
          <dd className="min-w-0 wrap-anywhere">{typeof one === "string" ? one : <JsonScalar value={one} />}</dd>
        </div>
      ))}
    </dl>
  )
}
