/**
 * Why a run is where it is, in reading order: one sentence, the step and the class of its failure, what it waits for or
 * does, what changed against the last good run, who else failed alike, and the one thing to do. All words are the
 * server's; the card only sets them.
 */
import type { Why } from "@waybill/contract"
import { cx } from "../../ui/cx.ts"
import { Glyph } from "../../ui/Glyph.tsx"
import { lookOfRun } from "../../ui/run-look.ts"
import type { Tone } from "../../ui/tone.ts"
import { WhyBeside } from "./WhyBeside.tsx"
import { WhyCause } from "./WhyCause.tsx"
import { WhyDoing } from "./WhyDoing.tsx"
import { WhyNext, type WhyNextStep } from "./WhyNext.tsx"
import { WhyWaits } from "./WhyWaits.tsx"

export type { WhyNextStep }

export type WhyCardProps = {
  readonly why: Why
  /** The main action was pressed. */
  readonly onNext: (next: WhyNextStep) => void
  /** In a narrow place: one column, no side facts. */
  readonly compact?: boolean
  /** A heading above the card's own: 2 on a page, 3 in a sheet. */
  readonly level?: 2 | 3
}

const edges = {
  completed: "border-l-completed",
  failed: "border-l-failed",
  waiting: "border-l-waiting",
  running: "border-l-running",
  stalled: "border-l-stalled",
  quiet: "border-l-quiet",
} as const satisfies Record<Tone, string>

export function WhyCard({ why, onNext, compact = false, level = 2 }: WhyCardProps) {
  const { headline, cause, waits, waitCount, doing, doingCount, changed, alike, next } = why
  const look = lookOfRun(why.status)
  const Heading = level === 2 ? "h2" : "h3"
  return (
    <section
      aria-label="Why"
      className={cx("overflow-hidden rounded-md border border-l-3 bg-surface", edges[look.tone])}
    >
      <div className={cx("grid gap-x-6 gap-y-3 px-4 py-3", !compact && next && "lg:grid-cols-[minmax(0,1fr)_17rem]")}>
        <div className="flex min-w-0 flex-col gap-2">
          <Heading className="flex items-start gap-2 text-base font-semibold text-pretty">
            <Glyph name={look.glyph} tone={look.tone} size={16} className="mt-1" />
            <span className="min-w-0">{headline}</span>
          </Heading>
          {cause !== null && <WhyCause cause={cause} headline={headline} />}
          {waits.length > 0 && <WhyWaits waits={waits} count={waitCount} />}
          {doing.length > 0 && <WhyDoing doing={doing} count={doingCount} runId={why.runId} />}
          {(changed !== null || alike !== null) && <WhyBeside changed={changed} alike={alike} />}
        </div>
        {next !== null && <WhyNext next={next} onNext={onNext} compact={compact} />}
      </div>
    </section>
  )
}
