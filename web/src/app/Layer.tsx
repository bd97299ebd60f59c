import type { MouseEvent, ReactNode } from "react"
import { useKeys } from "../keys/use-keys.ts"

/** A dialog of the browser's own: it traps the focus, closes by Escape, and gives the focus back. */
export function Layer({ label, onClose, children }: { label: string; onClose: () => void; children: ReactNode }) {
  useKeys(label, {}, { isLayer: true })
  const closeOutside = (event: MouseEvent<HTMLDialogElement>) => {
    if (event.target === event.currentTarget) onClose()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same, by the browser
    <dialog
      ref={(dialog) => {
        if (dialog === null || dialog.open) return
        dialog.showModal()
        // The browser gives the focus to the first box that may have it; whoever opened this types on.
        dialog.querySelector("input")?.focus()
      }}
      aria-label={label}
      // Before the browser closes it, so that the page's keys hold again with the very next press.
      onCancel={onClose}
      onClose={onClose}
      onClick={closeOutside}
      className="mx-auto mt-[12vh] w-[min(40rem,calc(100vw-2rem))] rounded-lg bg-raised p-0 text-fg shadow-dialog backdrop:bg-scrim"
    >
      {children}
    </dialog>
  )
}
