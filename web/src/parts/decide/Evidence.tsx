import type { Json } from "@waybill/contract"
import { JsonScalar } from "../../ui/json/JsonScalar.tsx"
import { JsonTree } from "../../ui/json/JsonTree.tsx"
import { flatEntries } from "./flat.ts"

/** A value that was shown or filled in: what is small and flat reads like a form, everything else can be looked into. */
export function Evidence({ value, label, root }: { value: Json; label: string; root: string }) {
  const entries = flatEntries(value)
  if (entries === null) return <JsonTree value={value} label={label} root={root} className="max-h-96" />
  return (
    <dl className="grid grid-cols-[minmax(5rem,max-content)_1fr] gap-x-4 gap-y-1 rounded-md border px-3 py-2">
      {entries.map(([name, one]) => (
        <div key={name} className="contents">
          <dt className="max-w-48 text-muted wrap-anywhere">{name}</dt>
          <dd className="min-w-0 wrap-anywhere">{typeof one === "string" ? one : <JsonScalar value={one} />}</dd>
        </div>
      ))}
    </dl>
  )
}
