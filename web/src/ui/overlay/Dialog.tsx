import { Dialog as Radix } from "radix-ui"
import type { ReactNode } from "react"
import { cx } from "../cx.ts"
import { IconButton } from "../IconButton.tsx"
import { Scrim } from "./Scrim.tsx"

type DialogProps = {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  readonly description?: ReactNode
  readonly children: ReactNode
  /** Buttons, the one that acts last. */
  readonly footer?: ReactNode
  readonly width?: "sm" | "md" | "lg"
}

const widths = { sm: "max-w-md", md: "max-w-xl", lg: "max-w-4xl" } as const

/**
 * Asks for one thing and keeps the rest away: the focus stays inside, Escape and a click beside it close it, and the focus
 * goes back to where it came from.
 */
export function Dialog({ open, onClose, title, description, children, footer, width = "sm" }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Scrim />
        <Radix.Content
          {...(description === undefined && { "aria-describedby": undefined })}
          className={cx(
            "fixed top-[12vh] left-1/2 z-30 flex max-h-[76vh] w-[calc(100vw-1rem)] -translate-x-1/2 animate-appear flex-col rounded-lg bg-raised shadow-dialog focus-visible:outline-none",
            widths[width],
          )}
        >
          <header className="pt-3.5 pr-12 pb-2 pl-4">
            <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
            {description !== undefined && (
              <Radix.Description className="mt-0.5 text-muted">{description}</Radix.Description>
            )}
          </header>
          <div className="min-h-0 overflow-y-auto overscroll-contain px-4 pt-1 pb-4">{children}</div>
          {footer && <footer className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">{footer}</footer>}
          {/* Last, so that the focus begins at what is asked. */}
          <Radix.Close asChild>
            <IconButton icon="cross" label="Close" className="absolute top-3 right-2.5" />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
