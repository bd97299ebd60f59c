import { Popover as Radix } from "radix-ui"
import type { ReactElement, ReactNode } from "react"
import { cx } from "../cx.ts"

type PopoverProps = {
  /** The button that opens it. */
  readonly trigger: ReactElement
  readonly children: ReactNode
  /** What it is, for who hears it. */
  readonly label: string
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  readonly align?: "start" | "center" | "end"
  readonly side?: "top" | "right" | "bottom" | "left"
  readonly className?: string
}

/** A small panel at its button; the page stays in use around it. */
export function Popover(props: PopoverProps) {
  const { trigger, children, label, open, onOpenChange, align = "start", side = "bottom", className } = props
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className={cx(
            "z-40 max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-1rem)] animate-appear overflow-auto rounded-md bg-raised shadow-popover focus-visible:outline-none",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
