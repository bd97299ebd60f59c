/** Why a run is where it is, as clients read it: times as text, nothing else. */
import type { Change, RunError, Why } from "@waybill/contract"
import type { WhyView } from "@waybill/engine"
import { rfc3339, rfc3339OrNull } from "../../shared/time.ts"

export function whyDocument(view: WhyView): Why {
  const { cause, changed, alike } = view
  return {
    runId: view.runId,
    seq: view.seq,
    status: view.status,
    headline: view.headline,
    cause:
      cause === null
        ? null
        : { ...cause, path: [...cause.path], error: cause.error as RunError, at: rfc3339OrNull(cause.at) },
    ended: view.ended,
    changed:
      changed === null
        ? null
        : {
            ...changed,
            completedAt: rfc3339(changed.completedAt),
            input: [...changed.input] as Change[],
            agents: [...changed.agents],
            models: [...changed.models],
          },
    alike: alike === null ? null : { ...alike, since: rfc3339(alike.since) },
    waits: view.waits.map((wait) => ({
      ...wait,
      who: [...wait.who],
      since: rfc3339OrNull(wait.since),
      until: rfc3339OrNull(wait.until),
      error: wait.error as RunError | null,
    })),
    waitCount: view.waitCount,
    doing: view.doing.map((one) => ({
      ...one,
      since: rfc3339OrNull(one.since),
      heartbeatAt: rfc3339OrNull(one.heartbeatAt),
    })),
    doingCount: view.doingCount,
    next: view.next,
  }
}
