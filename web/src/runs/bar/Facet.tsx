import { useQuery } from "@tanstack/react-query"
import { FacetSelect } from "../../ui/choice/FacetSelect.tsx"
import type { Choice } from "../../ui/choice/options.ts"
import { lookOfRun } from "../../ui/run-look.ts"
import type { AskedRuns } from "../list/asked.ts"
import { valuesOf, withValues } from "../query/edit.ts"
import { facets, runFields } from "../query/fields.ts"
import { facetsQuery } from "../questions.ts"

interface FacetProps {
  readonly label: string
  readonly field: keyof typeof facets
  readonly asked: AskedRuns
  readonly query: string
  readonly onQuery: (query: string) => void
  readonly isOpen: boolean
  readonly onOpen: (open: boolean) => void
}

/** Values of one field with how many runs have each, among what the rest of the query finds. */
export function Facet({ label, field, asked, query, onQuery, isOpen, onOpen }: FacetProps) {
  const names = runFields[field]
  const selected = valuesOf(query, names).map((value) => (field === "status" ? value.toLowerCase() : value))
  const { data, isFetching } = useQuery({ ...facetsQuery(asked, field), enabled: isOpen })
  const counted = data?.facets.find(({ name }) => name === facets[field])?.values ?? []
  return (
    <FacetSelect
      label={label}
      choices={choicesOf(field, counted, selected)}
      selected={selected}
      onChange={(values) => onQuery(withValues(query, names, values))}
      open={isOpen}
      onOpenChange={onOpen}
      busy={isFetching}
    />
  )
}

type Counted = readonly { readonly value: string; readonly count: number }[]

/** What is chosen stays in the list, though no run has it now. */
function choicesOf(field: keyof typeof facets, counted: Counted, selected: readonly string[]): readonly Choice[] {
  const written = counted.map(({ value, count }) => ({
    value: field === "status" ? value.toLowerCase() : value,
    count,
  }))
  const absent = selected.filter((value) => !written.some((one) => one.value === value))
  return [...written, ...absent.map((value) => ({ value, count: 0 }))].map(({ value, count }) => {
    const choice = { value, label: value, detail: count.toLocaleString("en") }
    if (field !== "status") return choice
    const look = lookOfRun(value.toUpperCase())
    return { ...choice, label: look.word, look }
  })
}
