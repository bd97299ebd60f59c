import type { ReactNode } from "react"
import { IconButton } from "../ui/IconButton.tsx"
import { Sheet } from "../ui/overlay/Sheet.tsx"
import { useFits } from "./use-fits.ts"

type WithAsideProps = {
  /** Of what is beside: heard, and the title where it lies over the page. */
  readonly title: string
  /** Absent: nothing is chosen. */
  readonly aside: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A list, and beside it what was chosen of it; over it where the window is narrow. */
export function WithAside({ title, aside, onClose, children }: WithAsideProps) {
  const isWide = useFits("64rem")
  if (!aside) return <div className="@container min-w-0">{children}</div>
  if (!isWide) {
    return (
      <div className="@container min-w-0">
        {children}
        <Sheet open onClose={onClose} title={title}>
          {aside}
        </Sheet>
      </div>
    )
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(22rem,36%)] items-start gap-4">
      <div className="@container min-w-0">{children}</div>
      <aside
        aria-label={title}
        className="sticky top-2 mt-1.5 max-h-[calc(100dvh-1rem)] overflow-y-auto rounded-md border bg-surface"
      >
        <div className="sticky top-0 z-10 flex h-0 justify-end">
          <IconButton icon="cross" label="Close" onClick={onClose} className="mt-2 mr-2 bg-surface" />
        </div>
        {aside}
      </aside>
    </div>
  )
}
