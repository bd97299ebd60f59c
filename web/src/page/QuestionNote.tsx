import { isAway, isMissing } from "../data/problem-words.ts"
import { CalmNote } from "./CalmNote.tsx"
import { ProblemNote } from "./ProblemNote.tsx"

export interface QuestionNoteProps {
  readonly error: unknown
  /** What was asked for, as it reads in `… could not be loaded`: `The runs`. */
  readonly what: string
  /** An earlier answer is shown, and stays. */
  readonly hasAnswer: boolean
  readonly onRetry: () => void
}

/**
 * What became of a question that failed. While the server is away the page says so once, above everything; what is shown
 * already needs no second word, and what is not here yet says only that.
 */
export function QuestionNote({ error, what, hasAnswer, onRetry }: QuestionNoteProps) {
  if (error === null) return null
  if (isAway(error)) return hasAnswer ? null : <NotHereYet what={what} onRetry={onRetry} />
  // Whoever shows the thing itself says that it is gone; its parts need not repeat it.
  if (hasAnswer && isMissing(error)) return null
  const about = `${what} could not be ${hasAnswer ? "renewed" : "loaded"}`
  return <ProblemNote error={error} about={about} onRetry={onRetry} />
}

/** Stays the same while it is asked for again: nothing blinks. */
export function NotHereYet({ what, onRetry }: Pick<QuestionNoteProps, "what" | "onRetry">) {
  return (
    <CalmNote action={{ label: "Try again", run: onRetry }}>
      {what} could not be loaded yet; the server is asked again by itself.
    </CalmNote>
  )
}
