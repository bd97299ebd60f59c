import { useQuery } from "@tanstack/react-query"
import { runQuery } from "../../data/queries.ts"
import type { Act } from "../../parts/run-actions/acts.ts"
import { RunActDialog } from "../../parts/run-actions/RunActDialog.tsx"

/** The dialog of an act on one run of the list, with the run as it stands now. */
export function RunAct({ runId, act, onClose }: { runId: string; act: Act; onClose: () => void }) {
  const { data } = useQuery(runQuery(runId))
  return data === undefined ? null : <RunActDialog run={data} act={act} onClose={onClose} />
}
