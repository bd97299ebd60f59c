import type { VersionSummary } from "@waybill/contract"
import { Time } from "../../ui/time/Time.tsx"

/** Who made a version, when, from where and why. */
export function VersionMeta({ version }: { version: VersionSummary }) {
  const { createdAt, createdBy, note, source } = version
  return (
    <p className="min-w-0 text-muted">
      <Time at={createdAt} shown="absolute" /> by {createdBy}, {source === "file" ? "from its file" : "over the API"}
      {note !== null && <span className="block text-fg">{note}</span>}
    </p>
  )
}
