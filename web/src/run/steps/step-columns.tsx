import type { Step } from "@waybill/contract"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { lookOfStep } from "../../ui/step-look.ts"
import type { Column } from "../../ui/table/column.ts"
import { Duration } from "../../ui/time/Duration.tsx"
import { formatDuration } from "../../ui/time/duration.ts"
import { typeWord } from "../timeline/type-word.ts"

/** Those that have something to show in this run: a column of dashes helps nobody. */
export function stepColumns(steps: readonly Step[], zero: number): readonly Column<Step>[] {
  const has = (wanted: (step: Step) => boolean) => steps.some(wanted)
  return [
    { id: "name", title: "Step", width: 180, grow: 3, sort: "asc", cell: (step) => <Name step={step} /> },
    { id: "type", title: "Type", width: 110, grow: 1, sort: "asc", cell: (step) => <Kind step={step} /> },
    {
      id: "status",
      title: "Status",
      width: 150,
      sort: "asc",
      cell: ({ status }) => <StatusBadge look={lookOfStep(status)} />,
    },
    {
      id: "seq",
      title: "Begins",
      width: 96,
      align: "end",
      sort: "asc",
      cell: ({ enteredAt }) => <Figure>{`+${formatDuration(Math.max(0, Date.parse(enteredAt) - zero))}`}</Figure>,
    },
    {
      id: "duration",
      title: "Duration",
      width: 104,
      align: "end",
      sort: "desc",
      cell: ({ durationMs, startedAt, enteredAt }) => (
        <Duration ms={durationMs} since={startedAt ?? enteredAt} className="text-mono" />
      ),
    },
    {
      id: "queue",
      title: "Queue",
      width: 88,
      align: "end",
      sort: "desc",
      cell: ({ queueMs }) => <Figure>{queueMs === null ? "" : formatDuration(queueMs)}</Figure>,
    },
    {
      id: "retries",
      title: "Retries",
      width: 80,
      align: "end",
      sort: "desc",
      cell: ({ retries }) => <Figure>{retries === 0 ? "" : retries}</Figure>,
    },
    ...(has((step) => step.model !== null) ? [model] : []),
    ...(has(({ usage }) => usage.tokens > 0) ? [tokens] : []),
    ...(has(({ usage }) => usage.costUsd > 0) ? [cost] : []),
    ...(has(({ validation }) => validation !== null) ? [validation] : []),
    {
      id: "error",
      title: "Last error",
      width: 160,
      grow: 3,
      sort: "asc",
      cell: ({ error }) =>
        error === null ? (
          ""
        ) : (
          <span title={error.detail}>
            <code>{error.code}</code> <span className="text-muted">{error.detail}</span>
          </span>
        ),
    },
  ]
}

/** Where the window is narrow: which, how it went and how long it took; the rest is one press away. */
export function narrowStepColumns(all: readonly Column<Step>[]): readonly Column<Step>[] {
  const widths: Readonly<Record<string, number>> = { name: 96, status: 108, duration: 80 }
  return all.flatMap((column) => {
    const width = widths[column.id]
    return width === undefined ? [] : [{ ...column, width }]
  })
}

const model: Column<Step> = {
  id: "model",
  title: "Model",
  width: 128,
  grow: 1,
  sort: "asc",
  cell: ({ model }) => <code className="text-muted">{model}</code>,
}

const tokens: Column<Step> = {
  id: "tokens",
  title: "Tokens",
  width: 88,
  align: "end",
  sort: "desc",
  cell: ({ usage }) => <Figure>{usage.tokens === 0 ? "" : usage.tokens.toLocaleString("en")}</Figure>,
}

const cost: Column<Step> = {
  id: "cost",
  title: "Cost",
  width: 88,
  align: "end",
  sort: "desc",
  cell: ({ usage }) => <Figure>{usage.costUsd === 0 ? "" : `$${usage.costUsd.toFixed(4)}`}</Figure>,
}

const validation: Column<Step> = {
  id: "validation",
  title: "Validation",
  width: 104,
  cell: (step) =>
    step.validation === null ? (
      ""
    ) : step.validation.passed === true ? (
      "passed"
    ) : (
      <span className="text-danger">not passed</span>
    ),
}

function Name({ step }: { step: Step }) {
  return (
    <>
      <span className="font-medium">{step.name}</span>
      {step.visit > 1 && <span className="ml-1.5 text-xs text-faint">visit {step.visit}</span>}
      {step.branchPath !== "" && <span className="ml-1.5 text-xs text-faint">{step.branchPath}</span>}
    </>
  )
}

function Kind({ step: { agent, action, type } }: { step: Step }) {
  if (agent !== null) return <code className="text-muted">{agent}</code>
  return <span className="text-muted">{typeWord(action ?? type)}</span>
}

function Figure({ children }: { children: string | number }) {
  return <span className="text-mono text-muted">{children}</span>
}
