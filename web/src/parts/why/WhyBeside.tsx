import type { Change, Why } from "@waybill/contract"
import type { ReactNode } from "react"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { linkLook } from "../../ui/button-look.ts"
import { inOneLine } from "../../ui/json/JsonScalar.tsx"
import { keysOf, pathOf } from "../../ui/json/json-path.ts"
import { twoSides } from "../../ui/json/two-sides.ts"
import { formatDuration } from "../../ui/time/duration.ts"
import { Time } from "../../ui/time/Time.tsx"

type Changed = NonNullable<Why["changed"]>

/** Beside the cause: what is different from the last run that was good, and how many others failed alike. */
export function WhyBeside({ changed, alike }: { changed: Why["changed"]; alike: Why["alike"] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 border-t pt-2 pl-6 max-sm:grid-cols-1">
      {changed !== null && (
        <Fact name="Last good run">
          <Link to={paths.run(changed.runId)} className={linkLook}>
            <Time at={changed.completedAt} />
          </Link>
          <Differences changed={changed} />
        </Fact>
      )}
      {alike !== null && (
        <Fact name="Failed alike">
          {alike.total.value <= 1 ? (
            <span className="text-muted">No other run.</span>
          ) : (
            <>
              <Link to={paths.runs({ q: alike.query, origin: "all" })} className={linkLook}>
                {alike.total.exact ? "" : "at least "}
                {alike.total.value.toLocaleString("en")} runs
              </Link>
              <span className="text-muted">
                since <Time at={alike.since} />
              </span>
            </>
          )}
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-xs leading-5 text-faint">{name}</dt>
      <dd className="flex min-w-0 flex-wrap gap-x-3">{children}</dd>
    </>
  )
}

const SHOWN = 4

function Differences({
  changed: { version, input, inputTruncated, durationMs, agents, models },
}: {
  changed: Changed
}) {
  const nothing = version === null && input.length === 0 && agents.length === 0 && models.length === 0
  return (
    <>
      {nothing && <span className="text-muted">same version, same input, same agents</span>}
      {version !== null && (
        <span>
          version {version.from} → {version.to}
        </span>
      )}
      {agents.length > 0 && <span>other code of {agents.join(", ")}</span>}
      {models.map(({ step, from, to }) => (
        <span key={step} className="min-w-0 wrap-anywhere">
          model of {step} {from} → {to}
        </span>
      ))}
      {input.slice(0, SHOWN).map((change) => (
        <code key={`${change.op} ${change.pointer}`} className="min-w-0 leading-5 wrap-anywhere">
          {inWords(change)}
        </code>
      ))}
      {(input.length > SHOWN || inputTruncated) && <span className="text-muted">more of the input differs</span>}
      <span className="text-muted">
        {formatDuration(durationMs.from)} → {formatDuration(durationMs.to)}
      </span>
    </>
  )
}

/** `input.rush: false → true`; the sign says it where there is one side only. */
export function inWords({ op, pointer, from, to }: Change): string {
  const path = pathOf(keysOf(pointer), "input")
  if (op === "added") return `+ ${path}: ${inOneLine(to)}`
  if (op === "removed") return `− ${path}`
  const sides = twoSides(from, to)
  return `${path}: ${sides.from} → ${sides.to}`
}
