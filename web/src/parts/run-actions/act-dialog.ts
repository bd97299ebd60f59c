import type { RunSummary } from "@waybill/contract"
import type { Act } from "./acts.ts"

/** What every dialog of an action is given. */
export type ActDialogProps = {
  /** As it stands now: the dialog says so, and it may move while the dialog is open. */
  readonly run: RunSummary
  readonly act: Act
  readonly onClose: () => void
  /** What is shown of the run is old now. */
  readonly onDone: () => void
}
