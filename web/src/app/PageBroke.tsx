import type { ErrorComponentProps } from "@tanstack/react-router"
import { useRouter } from "@tanstack/react-router"
import { api } from "../data/api.ts"
import { isOldChunk } from "../data/problem-words.ts"
import { PageHead } from "../page/PageHead.tsx"
import { ProblemNote } from "../page/ProblemNote.tsx"

/** One page broke; the header, the navigation and the other pages go on. */
export function PageBroke({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  async function retry() {
    // A part of an older build is gone from the server: only a new page can help, as soon as there is one to be had.
    if (isOldChunk(error) && (await isAnswering())) return globalThis.location.reload()
    reset()
    void router.invalidate()
  }
  return (
    <>
      <PageHead title="Something went wrong" />
      <div className="mt-3">
        <ProblemNote error={error} onRetry={() => void retry()} />
      </div>
    </>
  )
}

const isAnswering = () =>
  api()
    .readiness()
    .then(() => true)
    .catch(() => false)
