import type { AskedRuns } from "../list/asked.ts"
import type { facets } from "../query/fields.ts"
import type { RunsLayer } from "../search.ts"
import { Facet } from "./Facet.tsx"

interface FacetBarProps {
  readonly asked: AskedRuns
  readonly query: string
  readonly onQuery: (query: string) => void
  readonly open: RunsLayer | undefined
  readonly onOpen: (layer: RunsLayer | undefined) => void
}

const shown = [
  ["workflow", "Workflow"],
  ["tag", "Tag"],
  ["status", "Status"],
  ["version", "Version"],
  ["code", "Error"],
  ["hitl", "HITL"],
  ["actor", "Actor"],
] as const satisfies readonly (readonly [keyof typeof facets & RunsLayer, string])[]

/** The facets of 000; each edits the query that stands above. */
export function FacetBar({ open, onOpen, ...rest }: FacetBarProps) {
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">Facets</legend>
      <div className="flex gap-1 overflow-x-auto [scrollbar-width:none]">
        {shown.map(([field, label]) => (
          <Facet
            key={field}
            field={field}
            label={label}
            isOpen={open === field}
            onOpen={(isOpen) => onOpen(isOpen ? field : undefined)}
            {...rest}
          />
        ))}
      </div>
    </fieldset>
  )
}
