import { cx } from "../../ui/cx.ts"
import { Icon } from "../../ui/Icon.tsx"
import { Tooltip } from "../../ui/tip/Tooltip.tsx"
import { type Fold, folds } from "../fold.ts"

interface FoldToggleProps {
  /** Undefined: every run has a row. */
  readonly fold: readonly Fold[] | undefined
  readonly onFold: (fold: readonly Fold[] | undefined) => void
}

/** One row for the runs of a business event, and none for runs that another one started; each row says what it stands for. */
export function FoldToggle({ fold, onFold }: FoldToggleProps) {
  const isOn = fold !== undefined
  return (
    <Tooltip content="Of the runs of one business event the last alone, and no run that another one started">
      <button
        type="button"
        aria-label="Fold duplicates and children"
        aria-pressed={isOn && fold.length < folds.length ? "mixed" : isOn}
        onClick={() => onFold(isOn ? undefined : folds)}
        className={cx(
          "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-sm border border-line-strong px-2.5 text-sm font-medium select-none",
          isOn ? "bg-selected" : "bg-surface hover:bg-hover",
        )}
      >
        <Icon name="tree" size={14} />
        Fold
      </button>
    </Tooltip>
  )
}
