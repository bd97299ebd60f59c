import type { ReactNode } from "react"
import { cx } from "./cx.ts"
import { Icon } from "./Icon.tsx"
import type { IconName } from "./icon-paths.ts"

type EmptyStateProps = {
  /** What is not there: `No run matches`. */
  readonly title: string
  /** Why, and what to do: one or two sentences. */
  readonly children?: ReactNode
  readonly icon?: IconName
  readonly action?: ReactNode
  readonly className?: string
}

/** Nothing is here, and this is why. */
export function EmptyState({ title, children, icon = "inbox", action, className }: EmptyStateProps) {
  return (
    <div className={cx("mx-auto flex max-w-md flex-col items-center px-4 py-12 text-center", className)}>
      <Icon name={icon} size={20} className="text-faint" />
      <p className="mt-3 text-base font-semibold">{title}</p>
      {children && <div className="mt-1 text-pretty text-muted">{children}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
