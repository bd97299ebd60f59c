import { Dialog as Radix } from "radix-ui"
import type { ReactNode } from "react"
import { cx } from "../cx.ts"
import { IconButton } from "../IconButton.tsx"
import { Scrim } from "./Scrim.tsx"

type SheetProps = {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  readonly description?: ReactNode
  readonly children: ReactNode
  /** Beside the title: actions on what is shown. */
  readonly actions?: ReactNode
  readonly footer?: ReactNode
  /** `xl`: two things side by side, where the window has room for them. */
  readonly width?: "md" | "lg" | "xl"
  /** `false`: a look beside the list, which stays in use; the focus is not taken and not held. */
  readonly modal?: boolean
}

const widths = { md: "sm:w-[440px]", lg: "sm:w-[640px]", xl: "sm:w-[640px] xl:w-[1120px]" } as const

/**
 * A panel from the side, as wide as the screen where that is narrow. Escape closes it. Its head and foot are no landmarks:
 * beside a list that stays in use the page would have two of each.
 */
export function Sheet(props: SheetProps) {
  const { open, onClose, title, description, children, actions, footer, width = "md", modal = true } = props
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()} modal={modal}>
      <Radix.Portal>
        {modal && <Scrim />}
        <Radix.Content
          {...(description === undefined && { "aria-describedby": undefined })}
          onOpenAutoFocus={modal ? focusPanel : prevent}
          {...(!modal && { onCloseAutoFocus: prevent, onInteractOutside: prevent })}
          className={cx(
            "fixed inset-y-0 right-0 z-30 flex w-full animate-slide-in flex-col border-l bg-raised shadow-dialog focus-visible:outline-none",
            widths[width],
          )}
        >
          <div className="flex min-h-12 items-start gap-2 border-b py-2 pr-2 pl-4">
            <div className="min-w-0 flex-1 py-0.5">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description !== undefined && <Radix.Description className="text-muted">{description}</Radix.Description>}
            </div>
            {actions}
            <Radix.Close asChild>
              <IconButton icon="cross" label="Close" keys="Escape" />
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
          {footer && <div className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const prevent = (event: Event) => event.preventDefault()

/** It is there to be read: the focus goes to the panel, not to the first button that happens to be in it. */
function focusPanel(event: Event) {
  event.preventDefault()
  ;(event.currentTarget as HTMLElement | null)?.focus()
}
