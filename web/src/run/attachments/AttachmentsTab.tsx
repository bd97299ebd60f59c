/** The files that belong to the run: what came with it, from whom, and behind links that expire. More may come at any time. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query"
import type { Attachment, RunSummary } from "@waybill/contract"
import { useRef, useState } from "react"
import { api } from "../../data/api.ts"
import { Link } from "../../page/Link.tsx"
import { Loaded } from "../../page/Loaded.tsx"
import { notify } from "../../page/notify.ts"
import { refusal } from "../../parts/run-actions/acts.ts"
import { paths } from "../../paths.ts"
import { Badge } from "../../ui/Badge.tsx"
import { Button } from "../../ui/Button.tsx"
import { linkLook } from "../../ui/button-look.ts"
import { CopyId } from "../../ui/CopyId.tsx"
import { EmptyState } from "../../ui/EmptyState.tsx"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { Time } from "../../ui/time/Time.tsx"
import { Download } from "./Download.tsx"
import { sizeText } from "./size-text.ts"

const A_PAGE = 50

export function AttachmentsTab({ run }: { readonly run: RunSummary }) {
  const { runId } = run
  // Asking makes links, and stands in the audit: so it is asked when somebody looks, and not at each event.
  const files = useInfiniteQuery({
    queryKey: ["attachments", runId],
    queryFn: ({ pageParam }) =>
      api().runs.attachments(runId, { limit: A_PAGE, ...(pageParam !== null && { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    refetchOnWindowFocus: false,
  })
  return (
    <Loaded query={files} what="The files" skeleton={<SkeletonRows rows={3} label="The files are loading" />}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items)
        return (
          <div className="flex flex-col gap-2 pt-3">
            <Attach run={run} />
            {items.length === 0 && (
              <EmptyState title="No file belongs to this run" icon="inbox">
                Agents attach reports, people what explains a failure. A run that has ended can have more, too.
              </EmptyState>
            )}
            <ul className="flex flex-col gap-2" aria-label="Files">
              {items.map((file) => (
                <OneFile key={file.attachmentId} file={file} />
              ))}
            </ul>
            {files.hasNextPage && (
              <Button className="self-start" busy={files.isFetchingNextPage} onClick={() => void files.fetchNextPage()}>
                More files
              </Button>
            )}
          </div>
        )
      }}
    </Loaded>
  )
}

function Attach({ run: { runId, actions } }: { readonly run: RunSummary }) {
  const queries = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)

  async function attach(file: File) {
    setBusy(true)
    try {
      const content = new Uint8Array(await file.arrayBuffer())
      await api().runs.attach(runId, file.name, content, { contentType: file.type || "application/octet-stream" })
      notify.done("The file is attached", file.name)
    } catch (error) {
      notify.failed("The file was not attached", error)
    }
    await queries.invalidateQueries({ queryKey: ["attachments", runId] })
    setBusy(false)
  }

  return (
    <>
      <input
        ref={input}
        type="file"
        className="sr-only"
        tabIndex={-1}
        aria-label="File to attach"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? []
          if (file !== undefined) void attach(file)
          // The same file may be chosen once more.
          currentTarget.value = ""
        }}
      />
      <Button
        icon="plus"
        className="self-start"
        busy={busy}
        disabledReason={refusal(actions, "annotate")}
        onClick={() => input.current?.click()}
      >
        Attach a file
      </Button>
    </>
  )
}

function OneFile({ file }: { readonly file: Attachment }) {
  const { runId, name, contentType, bytes, sha256, at, by, stepId, redacted, archived, expired } = file
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border bg-surface px-3 py-2">
      <span className="min-w-0 font-medium wrap-anywhere">{name}</span>
      <span className="text-muted tabular-nums">{sizeText(bytes)}</span>
      <code className="text-mono text-muted wrap-anywhere">{contentType}</code>
      {redacted && <Badge>redacted</Badge>}
      {archived && <Badge>archived</Badge>}
      {expired && <Badge>expired</Badge>}
      <span className="grow" />
      <Download file={file} />
      <p className="flex w-full min-w-0 flex-wrap items-center gap-x-2 text-xs text-faint">
        <span className="wrap-anywhere">{by}</span>
        <Time at={at} />
        {stepId !== null && (
          <Link to={paths.run(runId, { step: stepId })} className={linkLook}>
            The step that made it
          </Link>
        )}
        <span>SHA-256</span>
        <CopyId id={sha256} label="SHA-256" />
      </p>
    </li>
  )
}
