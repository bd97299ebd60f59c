import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { linkLook } from "../../ui/button-look.ts"
import { cx } from "../../ui/cx.ts"
import { formatDuration } from "../../ui/time/duration.ts"
import { eventWords } from "../events/event-words.ts"
import { eventQuery } from "../queries.ts"

type EventLineProps = {
  readonly runId: string
  readonly at: number
  readonly zero: number
  readonly names: ReadonlyMap<string, string>
}

/** Which event it is at which the context is looked at. */
export function EventLine({ runId, at, zero, names }: EventLineProps) {
  const { data, isPlaceholderData } = useQuery({ ...eventQuery(runId, at), placeholderData: keepPreviousData })
  if (data === undefined || data === null) return <p className="h-5" />
  return (
    <p className={cx("flex min-h-5 flex-wrap items-baseline gap-x-3", isPlaceholderData && "opacity-70")}>
      <span className="text-mono text-muted">+{formatDuration(Math.max(0, Date.parse(data.at) - zero))}</span>
      <Link to={paths.run(runId, { tab: "events", event: data.seq })} className={`${linkLook} text-mono`}>
        {data.type}
      </Link>
      {data.stepId !== null && (
        <Link to={paths.run(runId, { step: data.stepId })} className={linkLook}>
          {names.get(data.stepId) ?? data.stepId}
        </Link>
      )}
      <span className="text-muted">{eventWords(data)}</span>
    </p>
  )
}
