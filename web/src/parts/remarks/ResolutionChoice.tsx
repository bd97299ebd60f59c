import type { ResolutionState } from "@waybill/contract"
import { Segments } from "../../ui/Segments.tsx"

const states = [
  { value: "acknowledged", label: "Acknowledged" },
  { value: "resolved", label: "Resolved" },
  { value: "superseded", label: "Superseded" },
  { value: "wont_fix", label: "Won’t fix" },
] as const satisfies readonly { readonly value: ResolutionState; readonly label: string }[]

type ResolutionChoiceProps = { readonly value: ResolutionState; readonly onChange: (value: ResolutionState) => void }

export function ResolutionChoice({ value, onChange }: ResolutionChoiceProps) {
  return (
    <Segments label="What became of it" options={states} value={value} onChange={onChange} className="self-start" />
  )
}
