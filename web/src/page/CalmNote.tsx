import type { ReactNode } from "react"
import { Button } from "../ui/Button.tsx"
import { cx } from "../ui/cx.ts"
import { Glyph } from "../ui/Glyph.tsx"

type CalmNoteProps = {
  readonly children: ReactNode
  readonly action?: { readonly label: string; readonly run: () => void }
  readonly className?: string
}

/** One line about something that mends itself: no cause for alarm, and nothing has to be done. */
export function CalmNote({ children, action, className }: CalmNoteProps) {
  return (
    <div
      role="status"
      className={cx(
        "tint-waiting flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border px-3 py-1.5",
        className,
      )}
    >
      <Glyph name="clock" tone="waiting" />
      <p className="min-w-0 flex-1 basis-48">{children}</p>
      {action && (
        <Button size="sm" onClick={action.run}>
          {action.label}
        </Button>
      )}
    </div>
  )
}
