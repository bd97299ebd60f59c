import type { ErrorComponentProps } from "@tanstack/react-router"
import { useRouter } from "@tanstack/react-router"
import { isOldChunk } from "../data/problem-words.ts"
import { PageHead } from "../page/PageHead.tsx"
import { ProblemNote } from "../page/ProblemNote.tsx"
import { PageNotLoaded } from "./PageNotLoaded.tsx"

/** One page broke; the header, the navigation and the other pages go on. */
export function PageBroke({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  if (isOldChunk(error)) return <PageNotLoaded />
  function retry() {
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
