/** What people say became of a business event; only ever more is said. */
import type { Outcomes } from "../../door/measures.ts"
import type { OutcomeStore } from "../../ports/outcome-store.ts"
import type { Redaction } from "../../ports/redaction.ts"

/** Of one business event. */
const outcomesMax = 200

export interface OutcomePorts {
  readonly outcomes: OutcomeStore
  readonly newId: (prefix: string) => string
  readonly redaction: Redaction
}

export function outcomesDoor({ outcomes, newId, redaction }: OutcomePorts, now: () => number): Outcomes {
  return {
    list: (workspaceId, businessEventId) => outcomes.outcomes(workspaceId, businessEventId, outcomesMax),
    async say(said) {
      // A business event is no workflow's: the workspace's policy holds.
      const place = { workspaceId: said.workspaceId, environment: "", workflowId: "", kind: "comment" } as const
      const note = said.note === null ? null : String(redaction.redact(place, said.note))
      const row = { outcomeId: newId("out"), at: now(), ...said, note }
      return (await outcomes.addOutcome(row, outcomesMax)) ? row : null
    },
  }
}
