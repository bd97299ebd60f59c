import { useQuery } from "@tanstack/react-query"
import type { Step, StepContext } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { Loaded } from "../../page/Loaded.tsx"
import { paths } from "../../paths.ts"
import { linkLook } from "../../ui/button-look.ts"
import { JsonDiff } from "../../ui/json/JsonDiff.tsx"
import { stepContextQuery } from "../queries.ts"
import type { RunTimeline } from "../timeline/timeline.ts"

type StepContextChangesProps = { readonly step: Step; readonly isOpen: boolean; readonly timeline: RunTimeline }

/** What the step added, changed and removed, each with the step that had written it before. */
export function StepContextChanges({ step, isOpen, timeline }: StepContextChangesProps) {
  const context = useQuery(stepContextQuery(step.runId, step.stepId, isOpen))
  return (
    <Loaded query={context} what="What it did to the context">
      {(data) => (
        <div className="flex flex-col gap-2">
          <Places writes={data.writes} />
          <JsonDiff
            label="What it did to the context"
            changes={data.changes}
            truncated={data.truncated}
            root="ctx"
            none={isOpen ? "It has written nothing yet." : "It changed nothing in the context."}
            note={noteOf(data, step.runId, timeline)}
          />
          <p className="text-muted">
            <Link
              to={paths.run(step.runId, { tab: "context", at: data.writes.at(-1)?.seq ?? step.seq })}
              className={linkLook}
            >
              The whole context at this point
            </Link>
          </p>
        </div>
      )}
    </Loaded>
  )
}

/** A branch and an item have contexts of their own, which become the result of their holder. */
function Places({ writes }: { writes: StepContext["writes"] }) {
  const places = [...new Set(writes.map((write) => write.branchPath))].filter((place) => place !== "")
  if (places.length === 0) return null
  return <p className="text-muted">In the context of {places.join(", ")}, not yet in that of the run.</p>
}

function noteOf(data: StepContext, runId: string, timeline: RunTimeline) {
  const byPointer = new Map(data.changes.map((change) => [change.pointer, change]))
  return (pointer: string) => {
    const change = byPointer.get(pointer)
    if (change === undefined) return null
    if (change.large) return "too large to be shown"
    if (change.op === "added") return null
    if (change.writer === null) return "was input"
    return (
      <>
        was written by{" "}
        <Link to={paths.run(runId, { step: change.writer, part: "context" })} className={linkLook}>
          {timeline.byId.get(change.writer)?.name ?? change.writer}
        </Link>
      </>
    )
  }
}
