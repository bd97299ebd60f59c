import { problemWords } from "../data/problem-words.ts"
import { Button } from "../ui/Button.tsx"

export interface ProblemNoteProps {
  readonly error: unknown
  readonly onRetry?: () => void
  /** What the person was about to do or see: `The runs could not be loaded`. */
  readonly about?: string
}

/** What went wrong in words, with the request's id and a way on. It stands beside what is shown and never replaces it. */
export function ProblemNote({ error, onRetry, about }: ProblemNoteProps) {
  const { title, detail, hint, code, requestId, findings, canRetry } = problemWords(error)
  return (
    <div role="alert" className="tint-failed flex flex-col gap-1 rounded-md border p-3">
      <p className="font-semibold">{about === undefined ? title : `${about}: ${title}`}</p>
      <p className="wrap-anywhere">{detail}</p>
      {hint !== null && <p className="text-muted">{hint}</p>}
      {findings.length > 0 && (
        <ul className="list-disc pl-5">
          {findings.slice(0, 20).map((finding) => (
            <li key={`${finding.pointer ?? ""} ${finding.line ?? ""} ${finding.message}`}>
              {finding.pointer && <code>{finding.pointer}</code>} {finding.message}
            </li>
          ))}
        </ul>
      )}
      <p className="flex flex-wrap items-center gap-3 text-muted">
        {code !== null && <code>{code}</code>}
        {requestId !== null && (
          <span>
            request <code className="select-all">{requestId}</code>
          </span>
        )}
        {onRetry !== undefined && (
          <Button size="sm" onClick={onRetry}>
            {canRetry ? "Try again" : "Ask again"}
          </Button>
        )}
      </p>
    </div>
  )
}
