import type { Why } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { Glyph } from "../../ui/Glyph.tsx"
import type { GlyphName } from "../../ui/glyph-names.ts"
import { Time } from "../../ui/time/Time.tsx"
import type { Tone } from "../../ui/tone.ts"

type Wait = Why["waits"][number]

const looks = {
  pause: ["pause", "waiting"],
  hold: ["pause", "waiting"],
  approval: ["person", "waiting"],
  signal: ["signal", "waiting"],
  operator: ["person", "waiting"],
  agent: ["alert", "stalled"],
  retry: ["clock", "running"],
  child: ["turning", "running"],
  concurrency: ["dotted", "quiet"],
  slot: ["dotted", "quiet"],
  timer: ["clock", "quiet"],
} as const satisfies Record<Wait["kind"], readonly [GlyphName, Tone]>

const words = {
  pause: "Paused",
  hold: "Held back",
  approval: "Approval",
  signal: "Signal",
  operator: "Used up its attempts",
  agent: "Agent is missing",
  retry: "Will be tried again",
  child: "Child run",
  concurrency: "In line",
  slot: "No free executor",
  timer: "Timer",
} as const satisfies Record<Wait["kind"], string>

const SHOWN = 5

/** What it waits for: who can end it, since when, until when, and what happens if nobody does anything. */
export function WhyWaits({ waits, count }: { waits: readonly Wait[]; count: number }) {
  const shown = waits.slice(0, SHOWN)
  return (
    <ul aria-label="What it waits for" className="flex flex-col gap-1.5 pl-6">
      {shown.map((wait, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two waits of one step have no other name
        <li key={`${wait.kind} ${wait.stepId} ${at}`}>
          <OneWait wait={wait} isAlone={count === 1} />
        </li>
      ))}
      {count > shown.length && <li className="text-muted">and {count - shown.length} more</li>}
    </ul>
  )
}

function OneWait({ wait, isAlone }: { wait: Wait; isAlone: boolean }) {
  const [glyph, tone] = looks[wait.kind] ?? ["dotted", "quiet"]
  return (
    <div className="flex items-start gap-2">
      {/* One alone has its mark beside the headline. */}
      {!isAlone && <Glyph name={glyph} tone={tone} className="mt-1" />}
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{words[wait.kind] ?? wait.kind}</span>
          {wait.name !== null && <span>{wait.name}</span>}
          <Who wait={wait} />
          {wait.since !== null && (
            <span className="text-muted">
              since <Time at={wait.since} />
            </span>
          )}
        </p>
        <p className="text-muted">
          {wait.until !== null && (
            <span className="font-medium text-fg">
              <Time at={wait.until} />:{" "}
            </span>
          )}
          {wait.until === null ? wait.otherwise : wait.otherwise.replace(/^Then /, "")}
        </p>
      </div>
    </div>
  )
}

function Who({ wait: { kind, who } }: { wait: Wait }) {
  const [first] = who
  if (first === undefined) return null
  if (kind === "child" || kind === "concurrency") {
    return (
      <span className="flex min-w-0 flex-wrap gap-x-2">
        {who.slice(0, 3).map((runId) => (
          <Link key={runId} to={paths.run(runId)} className="rounded-xs text-mono text-accent hover:underline">
            {runId}
          </Link>
        ))}
        {who.length > 3 && <span className="text-muted">and {who.length - 3} more</span>}
      </span>
    )
  }
  return <span className="text-muted">{kind === "pause" ? `by ${first}` : who.join(", ")}</span>
}
