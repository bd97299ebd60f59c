/**
 * What a run waits to be decided, decided beside the run: `⇧A` and `⇧R` open the question with that answer chosen, and the
 * address says that it is open. A run that waits for nobody has no keys for it and shows nothing.
 */
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useKeys } from "../../keys/use-keys.ts"
import { paths } from "../../paths.ts"
import { runApprovalsQuery } from "./approval-query.ts"
import { choicesOf } from "./choices.ts"
import { DecisionSheet } from "./DecisionSheet.tsx"
import { byBreach } from "./deadline.ts"

type RunDecisionProps = {
  readonly runId: string
  /** It waits for a decision now, as far as the page knows. */
  readonly isAsking: boolean
  readonly isOpen: boolean
  /** The question that the address names; absent: the most urgent. */
  readonly approvalId?: string
  readonly onOpen: (approvalId: string) => void
  readonly onClose: () => void
}

export function RunDecision({ runId, isAsking, isOpen, approvalId, onOpen, onClose }: RunDecisionProps) {
  const { data } = useQuery({ ...runApprovalsQuery(runId), enabled: isAsking || isOpen })
  const [say, setSay] = useState<string>()
  const [first] = (data?.items ?? []).filter(({ state }) => state === "pending").sort(byBreach)
  const shown = approvalId ?? first?.approvalId

  function openTo(outcome: string) {
    if (first === undefined) return
    setSay(outcome)
    onOpen(first.approvalId)
  }
  const keys = first === undefined ? [] : choicesOf(first).filter((choice) => choice.keys !== undefined)
  useKeys(
    "Approval",
    Object.fromEntries(
      keys.map(({ keys, label, outcome, refused }) => [
        keys!,
        { label: `${label}: ${first!.message}`, refused, run: () => openTo(outcome) },
      ]),
    ),
    { isOn: isAsking && !isOpen },
  )

  if (!isOpen || shown === undefined) return null
  const close = () => {
    setSay(undefined)
    onClose()
  }
  return <DecisionSheet approvalId={shown} say={say} nextTo={paths.approval} inRun onClose={close} />
}
