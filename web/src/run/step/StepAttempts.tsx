import type { Attempt, Step } from "@waybill/contract"
import { useSetSearch } from "../../page/navigation.ts"
import type { RunSearch } from "../../paths.ts"
import { Badge } from "../../ui/Badge.tsx"
import { cx } from "../../ui/cx.ts"
import { Icon } from "../../ui/Icon.tsx"
import { JsonTree } from "../../ui/json/JsonTree.tsx"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { lookOfStep } from "../../ui/step-look.ts"
import { Duration } from "../../ui/time/Duration.tsx"
import { formatDuration } from "../../ui/time/duration.ts"
import { Time } from "../../ui/time/Time.tsx"
import { FailureNote } from "./FailureNote.tsx"

/** Each attempt with its error; the newest is open, or the one that the address names. */
export function StepAttempts({ step, attempt }: { step: Step; attempt: number | undefined }) {
  const setSearch = useSetSearch<RunSearch>()
  const { attempts } = step
  if (attempts.length === 0) return <WithoutAttempts step={step} />
  const open = attempt ?? attempts.at(-1)!.attempt
  return (
    <ol className="flex flex-col gap-2">
      {attempts.toReversed().map((one) => (
        <li key={one.attempt} className="rounded-sm border">
          <AttemptHead
            attempt={one}
            isOpen={one.attempt === open}
            onPress={() => setSearch({ attempt: one.attempt === open ? 0 : one.attempt }, { replace: true })}
          />
          {one.attempt === open && <AttemptBody attempt={one} />}
        </li>
      ))}
    </ol>
  )
}

function AttemptHead({ attempt, isOpen, onPress }: { attempt: Attempt; isOpen: boolean; onPress: () => void }) {
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onPress}
      className="flex w-full items-center gap-2 rounded-sm px-2 py-1 text-left hover:bg-hover"
    >
      <Icon name="chevron-right" size={12} className={cx("text-faint transition-transform", isOpen && "rotate-90")} />
      <span className="font-medium whitespace-nowrap">Attempt {attempt.attempt}</span>
      <StatusBadge look={lookOfStep(attempt.status)} />
      <span className="ml-auto text-muted">
        <Duration ms={attempt.durationMs} since={attempt.startedAt} />
      </span>
    </button>
  )
}

function AttemptBody({ attempt }: { attempt: Attempt }) {
  const { error, deliveries, queueMs, retryDelayMs } = attempt
  return (
    <div className="flex flex-col gap-2 border-t p-2.5">
      <p className="flex flex-wrap gap-x-4 gap-y-0.5 text-muted">
        <span>
          scheduled <Time at={attempt.scheduledAt} shown="absolute" />
        </span>
        {queueMs !== null && <span>queue {formatDuration(queueMs)}</span>}
        {retryDelayMs !== null && <span>then waited {formatDuration(retryDelayMs)}</span>}
        <span className="text-mono">{attempt.agent}</span>
      </p>
      {attempt.models.length > 0 && <Models attempt={attempt} />}
      {error !== null && <FailureNote error={error} />}
      {deliveries.length > 1 && <Deliveries attempt={attempt} />}
    </div>
  )
}

/** Which models its agent says it asked, with what, and what each used. */
function Models({ attempt: { models } }: { attempt: Attempt }) {
  return (
    <ul aria-label="Models" className="flex flex-col gap-0.5">
      {models.map(({ model, provider, parameters, usage }) => (
        <li key={`${model} ${provider}`} className="flex flex-wrap gap-x-3 text-muted">
          <code className="text-fg">{model}</code>
          {provider !== null && <span>{provider}</span>}
          {usage.tokens > 0 && <span>{usage.tokens.toLocaleString("en")} tokens</span>}
          {usage.costUsd > 0 && <span>${usage.costUsd.toFixed(4)}</span>}
          {parameters !== null && <code className="min-w-0 wrap-anywhere">{JSON.stringify(parameters)}</code>}
        </li>
      ))}
    </ul>
  )
}

/** More than one delivery: its executor was lost, and the same attempt was handed out again. */
function Deliveries({ attempt: { deliveries } }: { attempt: Attempt }) {
  return (
    <ul aria-label="Deliveries" className="flex flex-col gap-0.5">
      {deliveries.map((one) => (
        <li key={one.delivery} className="flex flex-wrap gap-x-3">
          <span>delivery {one.delivery}</span>
          <code className="text-muted">{one.owner}</code>
          {one.lostAt !== null && (
            <span className="text-muted">
              lost <Time at={one.lostAt} shown="absolute" />: {one.lostReason}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

/** A state that no agent works on has no attempts; it may have failed all the same. */
function WithoutAttempts({ step }: { step: Step }) {
  if (step.error !== null) return <FailureNote error={step.error} />
  return (
    <div className="flex flex-col gap-2">
      <p className="text-muted">
        No agent works on a step of the type <Badge>{step.action ?? step.type}</Badge>, so it has no attempts.
      </p>
      {step.validation !== null && <JsonTree value={step.validation} label="Validation" bare />}
    </div>
  )
}
