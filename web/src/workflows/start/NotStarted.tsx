import { ProblemError } from "@waybill/sdk"
import { problemWords } from "../../data/problem-words.ts"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { buttonLook } from "../../ui/button-look.ts"
import { Callout } from "../../ui/Callout.tsx"
import { ErrorNote } from "../../ui/ErrorNote.tsx"

/** Why there is no run; or that there is one already, of which the answer was lost. */
export function NotStarted({ error }: { error: unknown }) {
  const runId = startedBefore(error)
  if (runId === null) return <ErrorNote problem={problemWords(error)} />
  return (
    <Callout
      tone="waiting"
      glyph="alert"
      title="This form has started a run already"
      action={
        <Link to={paths.run(runId)} className={buttonLook()}>
          Open it
        </Link>
      }
    >
      Its answer was lost on the way. What was changed here since then is not in it.
    </Callout>
  )
}

/** The form's key was used with what it said before. */
function startedBefore(error: unknown): string | null {
  if (!(error instanceof ProblemError) || error.problem.code !== "idempotency_key_reused") return null
  const runId = error.problem.data?.runId
  return typeof runId === "string" ? runId : null
}
