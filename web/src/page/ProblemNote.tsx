import { isUnanswered, problemWords } from "../data/problem-words.ts"
import { Button } from "../ui/Button.tsx"

const ASKED_AGAIN = "What is shown may be old. It is asked again by itself as soon as the server answers."

export interface ProblemNoteProps {
  readonly error: unknown
  /** Of a question; what was sent is not sent again from here. */
  readonly onRetry?: () => void
  /** What the person was about to do or see: `The runs could not be loaded`. */
  readonly about?: string
}

/** What went wrong in words, with the request's id and a way on. It stands beside what is shown and never replaces it. */
export function ProblemNote({ error, onRetry, about }: ProblemNoteProps) {
  const { title, detail, hint, code, requestId, findings, canRetry } = problemWords(error)
  const isQuestion = onRetry !== undefined
  // `It was not decided` would be a guess.
  const said = about === undefined || (isUnanswered(error) && !isQuestion) ? title : `${about}: ${title}`
  const advice = isUnanswered(error) && isQuestion ? ASKED_AGAIN : hint
  return (
    <div role="alert" className="tint-failed flex flex-col gap-1 rounded-md border p-3">
      <p className="font-semibold">{said}</p>
      <p className="wrap-anywhere">{detail}</p>
      {advice !== null && <p className="text-muted">{advice.replaceAll("`", "")}</p>}
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
        {isQuestion && (
          <Button size="sm" onClick={onRetry}>
            {canRetry ? "Try again" : "Ask again"}
          </Button>
        )}
      </p>
    </div>
  )
}
