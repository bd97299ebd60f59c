import { cx } from "./cx.ts"
import { keyCaps } from "./key-hint.ts"

/** Key caps, as `key-hint.ts` writes keys: `Mod+K`, `g r`. `onFill`: on a button that is filled with colour. */
export function Kbd({ keys, onFill = false, className }: { keys: string; onFill?: boolean; className?: string }) {
  return (
    <kbd className={cx("inline-flex items-center gap-0.5 align-middle text-2xs", className)}>
      {keyCaps(keys).map((cap, at) => (
        <kbd
          // biome-ignore lint/suspicious/noArrayIndexKey: two caps of one hint may be the same
          key={at}
          className={cx(
            "inline-grid h-4 min-w-4 place-items-center rounded-xs border px-1 font-sans text-2xs leading-none",
            onFill ? "border-current/40" : "border-line-strong bg-sunken text-muted",
          )}
        >
          {cap}
        </kbd>
      ))}
    </kbd>
  )
}
