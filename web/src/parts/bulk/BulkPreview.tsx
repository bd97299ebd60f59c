import type { Bulk } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { linkLook } from "../../ui/button-look.ts"
import { cx } from "../../ui/cx.ts"
import { Glyph } from "../../ui/Glyph.tsx"
import { shortId } from "../../ui/short-id.ts"
import { bulkWords, runs } from "./bulk-words.ts"

const NAMED = 5

/** What would happen to whom: those it will be tried with, and those that are refused, grouped by why. */
export function BulkPreview({ bulk: { action, counts, refusals } }: { bulk: Bulk }) {
  return (
    <section aria-label="What would happen" aria-live="polite" className="rounded-md border bg-sunken px-3 py-2">
      <p className="flex items-start gap-2">
        <Glyph
          name={counts.left > 0 ? "check" : "slash"}
          tone={counts.left > 0 ? "completed" : "quiet"}
          className="mt-1"
        />
        <span className="font-medium">
          {counts.left === 0 ? "Nothing would be done." : `${bulkWords[action].verb}: ${runs(counts.left)}.`}
        </span>
      </p>
      {(refusals ?? []).map(({ code, message, count, runIds }) => (
        <div key={code} className="mt-1.5 flex items-start gap-2">
          <Glyph name="slash" tone="quiet" className="mt-1" />
          <div className="min-w-0">
            <p>
              Refused: {runs(count)}, because {message}.
            </p>
            <p className="flex flex-wrap gap-x-2 text-muted">
              {runIds.slice(0, NAMED).map((runId) => (
                <Link key={runId} to={paths.run(runId)} target="_blank" className={cx(linkLook, "text-mono")}>
                  {shortId(runId)}
                </Link>
              ))}
              {count > NAMED && <span>and {(count - NAMED).toLocaleString("en")} more</span>}
            </p>
          </div>
        </div>
      ))}
    </section>
  )
}
