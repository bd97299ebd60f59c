import type { Step } from "@waybill/contract"
import type { ReactNode } from "react"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { linkLook } from "../../ui/button-look.ts"
import { CopyId } from "../../ui/CopyId.tsx"
import { Duration } from "../../ui/time/Duration.tsx"
import { Time } from "../../ui/time/Time.tsx"

/** What is known of the step whatever is looked at; ids can be copied, to be found in other systems. */
export function StepFacts({ step }: { step: Step }) {
  const { validation, usage, model, provider } = step
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)_auto_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1 px-3 py-2.5">
      <Fact name="Began">
        <Time at={step.startedAt ?? step.enteredAt} />
      </Fact>
      <Fact name="Duration">
        <Duration ms={step.durationMs} since={step.startedAt ?? step.enteredAt} className="font-medium" />
      </Fact>
      {step.agent !== null && (
        <Fact name="Agent">
          <code>{step.agent}</code>
        </Fact>
      )}
      {step.queueMs !== null && (
        <Fact name="In the queue">
          <Duration ms={step.queueMs} />
        </Fact>
      )}
      {step.next !== null && <Fact name="Went on at">{step.next}</Fact>}
      {step.retries > 0 && <Fact name="Retries">{step.retries}</Fact>}
      {model !== null && (
        <Fact name="Model">
          <code>{model}</code>
          {provider !== null && <span className="text-muted"> · {provider}</span>}
        </Fact>
      )}
      {usage.tokens > 0 && <Fact name="Tokens">{usage.tokens.toLocaleString("en")}</Fact>}
      {usage.costUsd > 0 && <Fact name="Cost">${usage.costUsd.toFixed(4)}</Fact>}
      {validation !== null && (
        <Fact name="Validation">
          {validation.passed === true ? "passed" : "not passed"}
          {typeof validation.score === "number" && <span className="text-muted"> · score {validation.score}</span>}
        </Fact>
      )}
      <Fact name="Effect key">
        <CopyId id={step.stepId} label="effect key, the step's id" />
      </Fact>
      {step.spanId !== null && (
        <Fact name="Span">
          <CopyId id={step.spanId} label="span id" />
        </Fact>
      )}
      {step.children.length > 0 && (
        <Fact name={step.children.length === 1 ? "Child run" : "Child runs"}>
          <span className="flex flex-wrap gap-x-2">
            {step.children.map((runId) => (
              <Link key={runId} to={paths.run(runId)} className={`${linkLook} text-mono`}>
                {runId}
              </Link>
            ))}
          </span>
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-xs text-faint">{name}</dt>
      <dd className="min-w-0 truncate">{children}</dd>
    </>
  )
}
