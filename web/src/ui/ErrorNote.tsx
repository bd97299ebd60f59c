import { useId } from "react"
import { Button } from "./Button.tsx"
import { CopyId } from "./CopyId.tsx"
import { cx } from "./cx.ts"
import { Icon } from "./Icon.tsx"

/** What a problem document says, or what stands for one when the server could not be asked. */
export type ProblemWords = {
  readonly title: string
  readonly detail?: string
  /** What to do next. */
  readonly hint?: string
  readonly code?: string
  readonly requestId?: string
}

type ErrorNoteProps = {
  readonly problem: ProblemWords
  readonly onRetry?: () => void
  readonly retrying?: boolean
  readonly className?: string
}

/** What went wrong, in the server's words; beside what is shown already, never in its place. */
export function ErrorNote({ problem, onRetry, retrying = false, className }: ErrorNoteProps) {
  const title = useId()
  const { detail, hint, code, requestId } = problem
  return (
    <div
      role="alert"
      aria-labelledby={title}
      className={cx("flex items-start gap-2.5 rounded-md border tint-failed px-3 py-2.5", className)}
    >
      <Icon name="warning" className="mt-0.5 text-danger" />
      <div className="min-w-0 flex-1 break-words">
        <p id={title} className="font-medium">
          {problem.title}
        </p>
        {detail && <p className="text-muted">{detail}</p>}
        {hint && <p>{hint}</p>}
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
