import { JsonTree } from "../../ui/json/JsonTree.tsx"

/** What went in or came out. A large value is looked into piece by piece; the tree draws what is in view. */
export function StepValue({ value, label, none }: { value: unknown; label: string; none: string }) {
  if (value === null || value === undefined) return <p className="text-muted">{none}</p>
  return <JsonTree value={value} label={label} openDepth={3} />
}
