import { useId } from "react"
import { Button } from "./Button.tsx"
import { CopyId } from "./CopyId.tsx"
import { cx } from "./cx.ts"
import { Icon } from "./Icon.tsx"
import { withCode } from "./with-code.tsx"

/** What a problem document says, or what stands for one when the server could not be asked. */
export type ProblemWords = {
  readonly title: string
  readonly detail?: string | null
  /** What to do next. */
  readonly hint?: string | null
  readonly code?: string | null
  readonly requestId?: string | null
  /** The single findings inside what was sent. */
  readonly findings?: readonly { readonly message: string; readonly pointer?: string; readonly hint?: string }[]
}

const FINDINGS_MAX = 20

type ErrorNoteProps = {
  readonly problem: ProblemWords
  readonly onRetry?: () => void
  readonly retrying?: boolean
  readonly className?: string
}

/** What went wrong, in the server's words; beside what is shown already, never in its place. */
export function ErrorNote({ problem, onRetry, retrying = false, className }: ErrorNoteProps) {
  const title = useId()
  const { detail, hint, code, requestId, findings = [] } = problem
  return (
    <div
      role="alert"
      aria-labelledby={title}
      className={cx("flex flex-wrap items-start gap-2.5 rounded-md border tint-failed px-3 py-2.5", className)}
    >
      <Icon name="warning" className="mt-0.5 text-danger" />
      <div className="min-w-0 flex-1 basis-48 wrap-anywhere">
        <p id={title} className="font-medium">
          {problem.title}
        </p>
        {detail && <p className="text-muted">{withCode(detail)}</p>}
        {hint && <p>{withCode(hint)}</p>}
        {findings.length > 0 && (
          <ul className="mt-1 list-disc pl-4 marker:text-faint">
            {findings.slice(0, FINDINGS_MAX).map((finding, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two findings may read alike, and none moves
              <li key={at}>
                {finding.pointer && <code>{finding.pointer}</code>} {finding.message}
              </li>
            ))}
            {findings.length > FINDINGS_MAX && <li>and {findings.length - FINDINGS_MAX} more</li>}
          </ul>
        )}
        {(code || requestId) && (
          <p className="mt-1 flex flex-wrap items-center gap-x-3 text-xs text-muted">
            {code && <code>{code}</code>}
            {requestId && (
              <span className="inline-flex min-w-0 items-center gap-1">
                request <CopyId id={requestId} label="request id" whole />
              </span>
            )}
          </p>
        )}
      </div>
      {onRetry && (
        <Button size="sm" icon="rerun" busy={retrying} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}
