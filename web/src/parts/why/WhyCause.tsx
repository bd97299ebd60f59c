import type { Why } from "@waybill/contract"
import { Fragment } from "react"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { Badge } from "../../ui/Badge.tsx"
import { linkLook } from "../../ui/button-look.ts"
import { Icon } from "../../ui/Icon.tsx"
import { Time } from "../../ui/time/Time.tsx"

type Cause = NonNullable<Why["cause"]>

/** The deepest step that failed, what kind of failure it was, and how often it was tried. */
export function WhyCause({ cause, headline }: { cause: Cause; headline: string }) {
  const { error, attempts, attemptsMax, at, agent } = cause
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 pl-6">
        <Path cause={cause} />
        {error.class && <Badge tone="failed">{error.class}</Badge>}
        {error.code !== error.class && <code className="text-muted">{error.code}</code>}
        {attempts > 0 && <span className="text-muted">{tries(attempts, attemptsMax)}</span>}
        {agent !== null && (
          <span className="text-muted">
            agent <code>{agent}</code>
          </span>
        )}
        {at !== null && <Time at={at} className="text-muted" />}
      </div>
      {!headline.includes(error.detail) && (
        <pre className="ml-6 max-h-24 overflow-auto rounded-sm bg-sunken px-2.5 py-1.5 wrap-anywhere whitespace-pre-wrap">
          {error.detail}
        </pre>
      )}
    </>
  )
}

const tries = (attempts: number, max: number | null): string => {
  if (max === null || max === attempts) return attempts === 1 ? "1 attempt" : `${attempts} attempts`
  return `${attempts} of ${max} attempts`
}

/** From the outermost state to the step; each leads to itself, in the run that it is of. */
function Path({ cause: { step, path } }: { cause: Cause }) {
  const places = path.length > 0 ? path : step === null ? [] : [step]
  return (
    <ol aria-label="Where it failed" className="flex min-w-0 flex-wrap items-center gap-x-1">
      {places.map((place, at) => (
        <Fragment key={place.stepId}>
          {at > 0 && (
            <li aria-hidden="true" className="text-faint">
              <Icon name="chevron-right" size={12} />
            </li>
          )}
          <li className="min-w-0">
            <Link
              to={paths.run(place.runId, { step: place.stepId })}
              className={at === places.length - 1 ? `${linkLook} font-medium` : "text-muted hover:underline"}
            >
              {place.name}
            </Link>
          </li>
        </Fragment>
      ))}
    </ol>
  )
}
