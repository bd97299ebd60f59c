/** The short word after something was done, with the way back where there is one. Heard by screen readers too. */
import { problemWords } from "../data/problem-words.ts"
import { toast } from "../ui/toast/toasts.ts"

export const notify = {
  done: (text: string, detail?: string) => void toast(text, { detail }),
  undoable: (text: string, undo: () => void) => void toast(text, { action: { label: "Undo", run: undo } }),
  /** Something that was asked for did not happen: `The run was not cancelled`. */
  failed: (text: string, error: unknown) => {
    const { detail, requestId } = problemWords(error)
    toast(text, { tone: "failed", detail: requestId === null ? detail : `${detail} · request ${requestId}` })
  },
}
