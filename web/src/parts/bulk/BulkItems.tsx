import { keepPreviousData, useQuery } from "@tanstack/react-query"
import type { Bulk, BulkItem } from "@waybill/contract"
import { useState } from "react"
import { Link } from "../../page/Link.tsx"
import { Loaded } from "../../page/Loaded.tsx"
import { paths } from "../../paths.ts"
import { linkLook } from "../../ui/button-look.ts"
import { CopyId } from "../../ui/CopyId.tsx"
import { EmptyState } from "../../ui/EmptyState.tsx"
import { Glyph } from "../../ui/Glyph.tsx"
import { Sheet } from "../../ui/overlay/Sheet.tsx"
import { Segments } from "../../ui/Segments.tsx"
import { shortId } from "../../ui/short-id.ts"
import { progressWords } from "./bulk-words.ts"
import { bulkItemsQuery, ITEMS_SHOWN, type ItemState } from "./queries.ts"

/** What became of each run: those that were refused first, for somebody has to look at them. */
export function BulkItems({ bulk, onClose }: { bulk: Bulk; onClose: () => void }) {
  const { done, refused, left } = bulk.counts
  const [state, setState] = useState<ItemState>(refused > 0 ? "refused" : "done")
  const items = useQuery({
    ...bulkItemsQuery(bulk.bulkId ?? "", state),
    placeholderData: keepPreviousData,
    refetchInterval: bulk.state === "running" ? 1_000 : false,
  })
  const counts = { refused, done, waiting: left }
  return (
    <Sheet open onClose={onClose} title={progressWords(bulk)} description={`Reason: ${bulk.reason}`}>
      <div className="flex flex-col gap-3 p-4">
        <Segments
          label="Which runs"
          className="self-start"
          value={state}
          onChange={setState}
          options={[
            { value: "refused", label: `Refused ${refused}` },
            { value: "done", label: `Done ${done}` },
            { value: "waiting", label: `Left ${left}` },
          ]}
        />
        <Loaded query={items} what="The runs of the bulk action">
          {({ items: shown }) => (
            <>
              {shown.length === 0 && <EmptyState title="None of them" />}
              <ul>
                {shown.map((item) => (
                  <Item key={item.runId} item={item} />
                ))}
              </ul>
              {counts[state] > ITEMS_SHOWN && (
                <p className="text-muted">The first {ITEMS_SHOWN} are shown; the API has them all.</p>
              )}
            </>
          )}
        </Loaded>
      </div>
    </Sheet>
  )
}

const marks = {
  done: { name: "check", tone: "completed" },
  refused: { name: "slash", tone: "failed" },
  waiting: { name: "dotted", tone: "quiet" },
  left: { name: "dotted", tone: "quiet" },
} as const

function Item({ item: { runId, state, message, newRunId } }: { item: BulkItem }) {
  return (
    <li className="flex items-start gap-2 border-b py-1.5">
      <Glyph {...marks[state]} className="mt-1" />
      <div className="min-w-0 flex-1">
        <CopyId id={runId} label="run id" />
        {message !== null && <p className="text-muted">{message}</p>}
      </div>
      <Link to={paths.run(newRunId ?? runId)} className={linkLook}>
        {newRunId === null ? "Open" : `New run ${shortId(newRunId)}`}
      </Link>
    </li>
  )
}
