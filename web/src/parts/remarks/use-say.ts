/** Says something beside a run and tells so, with the way back; what shows the run is asked anew. */
import { useQueryClient } from "@tanstack/react-query"
import { notify } from "../../page/notify.ts"

export type Say = (text: string, act: () => Promise<unknown>, undo: () => Promise<unknown>) => Promise<void>

/** Rejects with what the server says against it. */
export function useSay(runId: string): Say {
  const queries = useQueryClient()
  const renew = () => void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(runId) })
  return async (text, act, undo) => {
    try {
      await act()
    } finally {
      renew()
    }
    notify.undoable(text, () => {
      undo()
        .catch((error: unknown) => notify.failed("It was not taken back", error))
        .finally(renew)
    })
  }
}
