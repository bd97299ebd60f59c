import { cx } from "./cx.ts"

/** Where words will stand, on the first paint only. The size comes by class; `SkeletonRows` for lists. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx("block h-3 animate-breathe rounded-xs bg-line", className)} />
}

const widths = ["w-3/5", "w-4/5", "w-1/2", "w-2/3"]

/** A list on its way; heard as one sentence. */
export function SkeletonRows({ rows = 8, label }: { rows?: number; label: string }) {
  return (
    <div role="status">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={at} className="flex h-9 items-center gap-4 border-b px-3">
          <Skeleton className="w-16" />
          <Skeleton className={widths[at % widths.length]} />
        </div>
      ))}
    </div>
  )
}
