import { useQuery } from "@tanstack/react-query"
import type { Event, RunSummary } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { Loaded } from "../../page/Loaded.tsx"
import { paths } from "../../paths.ts"
import { linkLook } from "../../ui/button-look.ts"
import { CopyId } from "../../ui/CopyId.tsx"
import { JsonTree } from "../../ui/json/JsonTree.tsx"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { Time } from "../../ui/time/Time.tsx"
import { eventQuery } from "../queries.ts"

type EventPanelProps = { readonly run: RunSummary; readonly seq: number; readonly names: ReadonlyMap<string, string> }

/** One event exactly as it is stored and hashed. */
export function EventPanel({ run, seq, names }: EventPanelProps) {
  const event = useQuery(eventQuery(run.runId, seq))
  return (
    <Loaded query={event} what="The event" skeleton={<SkeletonRows rows={4} label="The event is loading" />}>
      {(data) =>
        data?.seq === seq ? (
          <OneEvent run={run} event={data} names={names} />
        ) : (
          <p className="p-4 text-muted">This run has no event {seq}.</p>
        )
      }
    </Loaded>
  )
}

function OneEvent({ run, event, names }: Pick<EventPanelProps, "run" | "names"> & { event: Event }) {
  return (
    <div className="flex flex-col gap-3 p-3">
      <h2 className="text-mono font-semibold">{event.type}</h2>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1">
        <dt className="text-faint">At</dt>
        <dd>
          <Time at={event.at} shown="absolute" />
        </dd>
        <dt className="text-faint">Actor</dt>
        <dd>{event.actor}</dd>
        {event.stepId !== null && (
          <>
            <dt className="text-faint">Step</dt>
            <dd>
              <Link to={paths.run(run.runId, { step: event.stepId })} className={linkLook}>
                {names.get(event.stepId) ?? event.stepId}
              </Link>
            </dd>
          </>
        )}
        <dt className="text-faint">Hash</dt>
        <dd className="min-w-0">
          <CopyId id={event.hash} label="hash" />
        </dd>
      </dl>
      <JsonTree value={event.payload} label="Payload" openDepth={4} />
      <p>
        <Link to={paths.run(run.runId, { tab: "context", at: event.seq })} className={linkLook}>
          The context at this event
        </Link>
      </p>
    </div>
  )
}
