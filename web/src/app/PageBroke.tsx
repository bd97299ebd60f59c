import type { ErrorComponentProps } from "@tanstack/react-router"
import { useRouter } from "@tanstack/react-router"
import { problemWords } from "../data/problem-words.ts"
import { PageHead } from "../page/PageHead.tsx"
import { ProblemNote } from "../page/ProblemNote.tsx"

/** One page broke; the header, the navigation and the other pages go on. */
export function PageBroke({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    // A part of an older build is gone from the server: only a new page can help.
    if (problemWords(error).title.includes("newer version")) return globalThis.location.reload()
    reset()
    void router.invalidate()
  }
  return (
    <>
      <PageHead title="Something went wrong" />
      <div className="mt-3">
        <ProblemNote error={error} onRetry={retry} />
      </div>
    </>
  )
}
