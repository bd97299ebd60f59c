import type { Approval } from "@waybill/contract"
import { useId } from "react"
import { cx } from "../../ui/cx.ts"
import { Glyph } from "../../ui/Glyph.tsx"
import { Kbd } from "../../ui/Kbd.tsx"
import type { AskingState } from "./asking-state.ts"
import { type Choice, toneOfOutcome } from "./choices.ts"
import { effectOf } from "./consequence.ts"

type ChoicesProps = {
  readonly choices: readonly Choice[]
  readonly chosen: string | null
  readonly onChoose: (outcome: string) => void
  readonly state: AskingState | null | undefined
  readonly votes: Approval["votes"]
  /** Why nothing can be chosen is said above them all. */
  readonly isReasonSaid: boolean
}

/** What can be said, each with what it does to the run: read before it is chosen. */
export function Choices({ choices, chosen, onChoose, state, votes, isReasonSaid }: ChoicesProps) {
  const name = useId()
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1.5 text-xs font-medium">Your decision</legend>
      {choices.map((choice) => (
        <OneChoice
          key={choice.outcome}
          name={name}
          choice={choice}
          effect={effectOf(choice, state, votes)}
          isChosen={choice.outcome === chosen}
          isReasonSaid={isReasonSaid}
          onChoose={onChoose}
        />
      ))}
    </fieldset>
  )
}

type OneChoiceProps = Pick<ChoicesProps, "onChoose" | "isReasonSaid"> & {
  readonly name: string
  readonly choice: Choice
  readonly effect: string
  readonly isChosen: boolean
}

function OneChoice({ name, choice, effect, isChosen, isReasonSaid, onChoose }: OneChoiceProps) {
  const { outcome, label, keys, refused } = choice
  const about = useId()
  return (
    <label
      className={cx(
        "relative flex items-start gap-2.5 rounded-md border px-3 py-2",
        "has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-ring",
        isChosen ? "border-accent bg-selected" : "border-line-control",
        !isChosen && refused === undefined && "hover:bg-hover",
      )}
    >
      <input
        type="radio"
        name={name}
        value={outcome}
        checked={isChosen}
        aria-label={label}
        aria-describedby={about}
        aria-disabled={refused !== undefined || undefined}
        onChange={() => refused === undefined && onChoose(outcome)}
        className="absolute inset-0 cursor-pointer appearance-none focus-visible:outline-none aria-disabled:cursor-not-allowed"
      />
      <Glyph
        name={isChosen ? (outcome === "reject" ? "cross" : "check") : "dotted"}
        tone={isChosen ? toneOfOutcome(outcome) : "quiet"}
        size={16}
        className="mt-0.5"
      />
      <span className="min-w-0 flex-1">
        <span className={cx("block font-medium", refused !== undefined && "text-muted")}>{label}</span>
        <span id={about} className="block text-muted wrap-anywhere">
          {refused === undefined || isReasonSaid ? effect : `Not now: ${refused}.`}
        </span>
      </span>
      {keys !== undefined && refused === undefined && (
        <span aria-hidden="true" className="hidden md:inline-flex">
          <Kbd keys={keys} />
        </span>
      )}
    </label>
  )
}
