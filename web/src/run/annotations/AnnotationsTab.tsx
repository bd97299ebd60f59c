/** Everything that was said beside the run, the newest first: who, when, from where, what. Notes are written from here. */
import { useInfiniteQuery } from "@tanstack/react-query"
import type { Remark, RunSummary } from "@waybill/contract"
import { api } from "../../data/api.ts"
import { Link } from "../../page/Link.tsx"
import { Loaded } from "../../page/Loaded.tsx"
import { notify } from "../../page/notify.ts"
import { aboutWhat, detailsOf, remarkWords, sameNote, withdrawnIn } from "../../parts/remarks/remark-words.ts"
import { useSay } from "../../parts/remarks/use-say.ts"
import { refusal } from "../../parts/run-actions/acts.ts"
import { paths } from "../../paths.ts"
import { Badge } from "../../ui/Badge.tsx"
import { Button } from "../../ui/Button.tsx"
import { linkLook } from "../../ui/button-look.ts"
import { cx } from "../../ui/cx.ts"
import { EmptyState } from "../../ui/EmptyState.tsx"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { shortId } from "../../ui/short-id.ts"
import { Time } from "../../ui/time/Time.tsx"

const A_PAGE = 100

type AnnotationsTabProps = { readonly run: RunSummary; readonly onAnnotate: () => void }

export function AnnotationsTab({ run, onAnnotate }: AnnotationsTabProps) {
  const { runId, actions } = run
  const trail = useInfiniteQuery({
    queryKey: ["remarks", runId],
    queryFn: ({ pageParam }) =>
      api().runs.remarks(runId, { limit: A_PAGE, ...(pageParam !== null && { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    meta: { live: [`run:${runId}`], liveEveryMs: 500 },
  })
  return (
    <Loaded query={trail} what="What was said" skeleton={<SkeletonRows rows={3} label="What was said is loading" />}>
      {({ pages }) => {
        const remarks = pages.flatMap((page) => page.items)
        const withdrawn = withdrawnIn(remarks)
        return (
          <div className="flex flex-col gap-2 pt-3">
            <Button
              icon="pencil"
              keys="n"
              className="self-start"
              disabledReason={refusal(actions, "annotate")}
              onClick={onAnnotate}
            >
              Write a note
            </Button>
            {remarks.length === 0 && (
              <EmptyState title="Nobody has said anything" icon="pencil">
                Notes, tags, an owner and a resolution are kept beside the run; its history stays as it is.
              </EmptyState>
            )}
            <ol className="flex flex-col gap-2" aria-label="What was said">
              {remarks.map((remark) => (
                <OneRemark
                  key={remark.remarkId}
                  run={run}
                  remark={remark}
                  isWithdrawn={withdrawn.has(remark.remarkId)}
                />
              ))}
            </ol>
            {trail.hasNextPage && (
              <Button className="self-start" busy={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
                What was said before
              </Button>
            )}
          </div>
        )
      }}
    </Loaded>
  )
}

type OneRemarkProps = { readonly run: RunSummary; readonly remark: Remark; readonly isWithdrawn: boolean }

function OneRemark({ run, remark, isWithdrawn }: OneRemarkProps) {
  const { actor, at, origin, kind } = remark
  const { note, runId: newRunId } = detailsOf(remark)
  return (
    <li className="rounded-md border bg-surface px-3 py-2">
      <p className="flex flex-wrap items-center gap-x-2 text-muted">
        <span className="font-medium text-fg">{actor}</span>
        <span>{remarkWords(remark)}</span>
        {newRunId && (
          <Link to={paths.run(newRunId)} className={linkLook}>
            {shortId(newRunId)}
          </Link>
        )}
        <Time at={at} />
        {origin.door !== "engine" && (
          <span className="text-xs text-faint">
            {origin.door === "bulk" ? "with many others" : "over the API"}
            {origin.address !== null && `, ${origin.address}`}
          </span>
        )}
        {isWithdrawn && <Badge>taken back</Badge>}
        {kind === "note.added" && !isWithdrawn && <Withdraw run={run} remark={remark} />}
      </p>
      {note !== undefined && (
        <p className={cx("mt-1 whitespace-pre-wrap wrap-anywhere", isWithdrawn && "text-faint line-through")}>{note}</p>
      )}
      {note !== undefined && <AboutWhat run={run} remark={remark} />}
    </li>
  )
}

function AboutWhat({ run, remark }: { readonly run: RunSummary; readonly remark: Remark }) {
  const about = aboutWhat(remark)
  if (about === null) return null
  return (
    <Link to={paths.run(run.runId, about.search)} className={cx(linkLook, "text-xs")}>
      {about.words}
    </Link>
  )
}

/** Undone, the same words are a new note: what was said is never said by somebody else. */
function Withdraw({ run: { runId, actions }, remark }: { readonly run: RunSummary; readonly remark: Remark }) {
  const say = useSay(runId)
  const withdraw = () =>
    say(
      "The note is taken back",
      () => api().runs.withdrawAnnotation(runId, remark.remarkId),
      () => api().runs.annotate(runId, sameNote(remark)),
    ).catch((error: unknown) => notify.failed("The note was not taken back", error))
  return (
    <Button look="quiet" disabledReason={refusal(actions, "annotate")} onClick={() => void withdraw()}>
      Take it back
    </Button>
  )
}
