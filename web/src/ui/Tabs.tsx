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
  /** `segments` chooses between views of one thing. */
  readonly shape?: "line" | "segments"
  /** At the end of the row of tabs. */
  readonly aside?: ReactNode
  readonly className?: string
}

const shapes = {
  line: {
    list: "gap-1 border-b px-3",
    tab: "h-9 px-2 text-muted hover:text-fg data-[state=active]:text-fg data-[state=active]:shadow-[inset_0_-2px_0_var(--accent)]",
  },
  segments: {
    list: "gap-0.5 rounded-md bg-sunken p-0.5",
    tab: "h-6 rounded-sm px-2 text-xs text-muted hover:text-fg data-[state=active]:bg-raised data-[state=active]:text-fg data-[state=active]:shadow-[0_0_0_1px_var(--line-strong)]",
  },
} as const

export function Tabs<V extends string>(props: TabsProps<V>) {
  const { label, tabs, value, onChange, children, shape = "line", aside, className } = props
  const { list, tab } = shapes[shape]
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => onChange(next as V)}
      className={cx("flex min-h-0 flex-col", className)}
    >
      <div
        className={cx(
          "flex items-center",
          aside !== undefined && "max-sm:flex-col-reverse max-sm:items-stretch max-sm:gap-1",
          shape === "line" && aside !== undefined && "border-b [&>[role=tablist]]:border-b-0",
        )}
      >
        <Radix.List
          aria-label={label}
          className={cx("flex min-w-0 overflow-x-auto [scrollbar-width:none]", shape === "line" && "flex-1", list)}
        >
          {tabs.map((one) => (
            <Radix.Trigger
              key={one.value}
              value={one.value}
              className={cx(
                "inline-flex shrink-0 items-center gap-1.5 font-medium focus-visible:-outline-offset-2",
                tab,
              )}
            >
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
