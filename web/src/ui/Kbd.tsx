import { cx } from "./cx.ts"
import { keyCaps } from "./key-hint.ts"

/** Key caps, as `key-hint.ts` writes keys: `Mod+K`, `g r`. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <kbd className={cx("inline-flex items-center gap-0.5 align-middle text-2xs", className)}>
      {keyCaps(keys).map((cap, at) => (
        <kbd
          // biome-ignore lint/suspicious/noArrayIndexKey: two caps of one hint may be the same
          key={at}
          className="inline-grid h-4 min-w-4 place-items-center rounded-xs border border-line-strong bg-sunken px-1 font-sans text-2xs leading-none text-muted"
        >
          {cap}
        </kbd>
      ))}
    </kbd>
  )
}
