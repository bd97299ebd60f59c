import { cx } from "./cx.ts"
import { type IconName, iconPaths } from "./icon-paths.ts"

/** An outline beside words or inside a named button; never the only bearer of a meaning. */
export function Icon({ name, size = 16, className }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={cx("shrink-0", className)}
    >
      <path d={iconPaths[name]} />
    </svg>
  )
}
