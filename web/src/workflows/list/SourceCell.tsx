import type { WorkflowSummary } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { Glyph } from "../../ui/Glyph.tsx"
import { syncWords } from "../words.ts"

/** Where it is from, how it stands to that, and what somebody should do about it. */
export function SourceCell({ workflow }: { workflow: WorkflowSummary }) {
  const { workflowId, file, syncState } = workflow
  const { word, tone, glyph, advice } = syncWords(workflow)
  if (advice === null) {
    return (
      <p className="flex max-w-72 min-w-0 items-center gap-1.5 text-xs text-muted">
        <Glyph name={glyph} tone={tone} size={12} />
        {file === null ? (
          word
        ) : (
          <code className="truncate" title={file}>
            <span className="sr-only">{word}: </span>
            {file}
          </code>
        )}
      </p>
    )
  }
  return (
    <div className="max-w-72 min-w-0 text-xs">
      <p className="flex items-start gap-1.5 font-medium">
        <Glyph name={glyph} tone={tone} size={12} className="mt-0.5" />
        {syncState === "invalid" ? (
          <Link to={paths.workflow(workflowId, { tab: "definition", text: "file" })} className="hover:underline">
            {word}
          </Link>
        ) : (
          word
        )}
      </p>
      {file !== null && (
        <code className="block truncate text-muted" title={file}>
          {file}
        </code>
      )}
      <p className="text-muted">{advice}</p>
    </div>
  )
}
