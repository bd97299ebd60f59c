import type { Json } from "@waybill/contract"
import { useState } from "react"
import { Button } from "../../ui/Button.tsx"
import { JsonScalar } from "../../ui/json/JsonScalar.tsx"
import { JsonTree } from "../../ui/json/JsonTree.tsx"
import { depthInSight, entriesInSight, flatEntries } from "./flat.ts"

type EvidenceProps = {
  readonly value: Json
  readonly label: string
  readonly root: string
  /** What comes below must stay in sight: of much, the beginning is shown, and the rest one press away. */
  readonly isShort?: boolean
}

/** A value that was shown or filled in: what is small and flat reads like a form, everything else can be looked into. */
export function Evidence(props: EvidenceProps) {
  return (
    <section aria-label={props.label} className="flex min-w-0 flex-col gap-1">
      <p className="text-xs font-medium">{props.label}</p>
      <Value {...props} />
    </section>
  )
}

function Value({ value, label, root, isShort = false }: EvidenceProps) {
  const [isWhole, setWhole] = useState(!isShort)
  const entries = flatEntries(value)
  if (entries === null)
    return (
      <JsonTree
        value={value}
        label={label}
        root={root}
        openDepth={depthInSight(value)}
        className={`rounded-md border bg-sunken p-2 ${isShort ? "max-h-[min(28rem,32dvh)]" : "max-h-[min(28rem,40dvh)] lg:max-h-[72dvh]"}`}
      />
    )
  const shown = isWhole ? entries : entries.slice(0, entriesInSight(entries))
  const left = entries.length - shown.length
  return (
    <>
      <dl className="grid grid-cols-[minmax(5rem,max-content)_1fr] gap-x-4 gap-y-1 rounded-md border bg-sunken px-3 py-2">
        {shown.map(([name, one]) => (
          <div key={name} className="contents">
            <dt className="max-w-48 text-muted wrap-anywhere">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">{typeof one === "string" ? one : <JsonScalar value={one} />}</dd>
          </div>
        ))}
      </dl>
      {left > 0 && (
        <Button size="sm" icon="chevron-down" className="self-start" onClick={() => setWhole(true)}>
          {left === 1 ? "1 more field" : `${left} more fields`}
        </Button>
      )}
    </>
  )
}
