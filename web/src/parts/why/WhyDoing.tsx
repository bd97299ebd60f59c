import type { Why } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { linkLook } from "../../ui/button-look.ts"
import { Duration } from "../../ui/time/Duration.tsx"
import { Time } from "../../ui/time/Time.tsx"

type Doing = Why["doing"][number]

const SHOWN = 5

/** What executes now, for how long, and when its executor was last heard. */
export function WhyDoing({ doing, count, runId }: { doing: readonly Doing[]; count: number; runId: string }) {
  const shown = doing.slice(0, SHOWN)
  return (
    <ul aria-label="What it does now" className="flex flex-col gap-1 pl-6">
      {shown.map((one) => (
        <li key={one.stepId} className="flex flex-wrap items-baseline gap-x-2">
          <Link to={paths.run(runId, { step: one.stepId })} className={`${linkLook} font-medium`}>
            {one.name}
          </Link>
          {one.branchPath !== "" && <span className="text-muted">in {one.branchPath}</span>}
          <code>{one.agent}</code>
          {one.attemptsMax !== 1 && (
            <span className="text-muted">
              attempt {one.attempt}
              {one.attemptsMax !== null && ` of ${one.attemptsMax}`}
            </span>
          )}
          {one.since !== null && (
            <span className="text-muted">
              for <Duration since={one.since} />
            </span>
          )}
          {one.heartbeatAt !== null && (
            <span className="text-muted">
              heard <Time at={one.heartbeatAt} shown="relative" />
            </span>
          )}
          {one.stalled && <span className="font-medium">stalled</span>}
        </li>
      ))}
      {count > shown.length && <li className="text-muted">and {count - shown.length} more</li>}
    </ul>
  )
}
