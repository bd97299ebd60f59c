import type { RerunPlan } from "@waybill/contract"
import type { ReactNode } from "react"
import { problemWords } from "../../../data/problem-words.ts"
import { cx } from "../../../ui/cx.ts"
import { ErrorNote } from "../../../ui/ErrorNote.tsx"
import { Icon } from "../../../ui/Icon.tsx"
import { lookOfStep } from "../../../ui/step-look.ts"

/** What the server says would happen: what is taken over, and what acts on the world a second time. */
export function PlanNote({ plan, error, isOld }: { plan?: RerunPlan; error: unknown; isOld: boolean }) {
  return (
    <section aria-label="What will happen" aria-busy={isOld} className="flex flex-col gap-1.5">
      <p className="text-xs font-medium">What will happen</p>
      {error ? (
        <ErrorNote problem={problemWords(error)} />
      ) : plan === undefined ? (
        <p className="text-muted">Asking the server…</p>
      ) : (
        <div className={cx("flex flex-col divide-y rounded-md border", isOld && "opacity-60")}>
          <Reused names={plan.reused} />
          <ActsAgain plan={plan} />
        </div>
      )}
    </section>
  )
}

const NAMES_SHOWN = 30
const STEPS_SHOWN = 12

function Reused({ names }: { names: readonly string[] }) {
  if (names.length === 0) {
    return <Part icon="rerun" title="Nothing is taken over" detail="Every step runs again." />
  }
  return (
    <Part icon="check" title="Taken over as it was" detail="These states do not run again.">
      <ul className="flex flex-wrap gap-1">
        {names.slice(0, NAMES_SHOWN).map((name) => (
          <li key={name} className="rounded-xs bg-sunken px-1.5 text-mono">
            {name}
          </li>
        ))}
        {names.length > NAMES_SHOWN && <li className="text-muted">and {names.length - NAMES_SHOWN} more</li>}
      </ul>
    </Part>
  )
}

const acts = {
  agent: "agent",
  approval: "people are asked again",
  event: "sends its event again",
  child: "starts its run again",
} as const satisfies Record<RerunPlan["steps"][number]["what"], string>

function ActsAgain({ plan: { steps, stepsCount } }: { plan: RerunPlan }) {
  if (steps.length === 0) {
    return (
      <Part
        icon="check"
        title="Nothing acts a second time"
        detail="No step of the first run touches the world again."
      />
    )
  }
  return (
    <Part
      icon="warning"
      title={stepsCount === 1 ? "1 step acts again" : `${stepsCount} steps act again`}
      detail="What touched the world does so a second time: a message may be sent twice."
    >
      <ul className="flex flex-col">
        {steps.slice(0, STEPS_SHOWN).map((step) => (
          <li key={step.stepId} className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{step.name}</span>
            {step.branchPath !== "" && <span className="text-faint">{step.branchPath}</span>}
            <span className="text-muted">{step.what === "agent" ? <code>{step.agent}</code> : acts[step.what]}</span>
            {step.status !== null && (
              <span className={cx("ml-auto", step.status === "SUCCEEDED" ? "font-medium" : "text-muted")}>
                {lookOfStep(step.status).word.toLowerCase()} then
              </span>
            )}
          </li>
        ))}
        {stepsCount > STEPS_SHOWN && <li className="text-muted">and {stepsCount - STEPS_SHOWN} more</li>}
      </ul>
    </Part>
  )
}

type PartProps = {
  readonly icon: "check" | "warning" | "rerun"
  readonly title: string
  readonly detail: string
  readonly children?: ReactNode
}

function Part({ icon, title, detail, children }: PartProps) {
  return (
    <div className="flex gap-2.5 px-3 py-2">
      <Icon name={icon} size={14} className={cx("mt-1", icon === "warning" ? "text-waiting" : "text-faint")} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p>
          <span className="font-medium">{title}.</span> <span className="text-muted">{detail}</span>
        </p>
        {children}
      </div>
    </div>
  )
}
