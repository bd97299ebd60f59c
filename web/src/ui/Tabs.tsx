import { Tabs as Radix } from "radix-ui"
import type { ReactNode } from "react"
import { cx } from "./cx.ts"

export type Tab<V extends string = string> = {
  readonly value: V
  readonly label: ReactNode
  readonly count?: number
}

type TabsProps<V extends string> = {
  readonly label: string
  readonly tabs: readonly Tab<V>[]
  /** Comes from the URL, and `onChange` writes it there. */
  readonly value: V
  readonly onChange: (value: V) => void
  /** `TabPanel`s. */
  readonly children: ReactNode
  /** At the end of the row of tabs. */
  readonly aside?: ReactNode
  readonly className?: string
}

const tab =
  "inline-flex h-9 shrink-0 items-center gap-1.5 px-2 font-medium text-muted hover:text-fg focus-visible:-outline-offset-2 data-[state=active]:text-fg data-[state=active]:shadow-[inset_0_-2px_0_var(--accent)]"

export function Tabs<V extends string>(props: TabsProps<V>) {
  const { label, tabs, value, onChange, children, aside, className } = props
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => onChange(next as V)}
      className={cx("flex min-h-0 flex-col", className)}
    >
      <div className="flex items-center border-b max-sm:flex-col-reverse max-sm:items-stretch max-sm:gap-1">
        <Radix.List
          aria-label={label}
          className="flex min-w-0 flex-1 gap-1 overflow-x-auto px-3 [scrollbar-width:none]"
        >
          {tabs.map((one) => (
            <Radix.Trigger key={one.value} value={one.value} className={tab}>
              {one.label}
              {one.count !== undefined && <span className="font-normal text-faint">{one.count}</span>}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {aside}
      </div>
      {children}
    </Radix.Root>
  )
}

/** Shown while its value is chosen; what is not shown is not mounted. */
export function TabPanel({ value, children, className }: { value: string; children: ReactNode; className?: string }) {
  return (
    <Radix.Content value={value} className={cx("min-h-0 focus-visible:-outline-offset-2", className)}>
      {children}
    </Radix.Content>
  )
}
