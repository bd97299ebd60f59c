import { useSyncExternalStore } from "react"
import { Button } from "../Button.tsx"
import { Glyph } from "../Glyph.tsx"
import { IconButton } from "../IconButton.tsx"
import { dismissToast, holdToasts, subscribeToToasts, type Toast, toastsShown } from "./toasts.ts"

/** Where toasts stand; mounted once, by `UiRoot`. A region of its own, so that the keyboard finds it. */
export function Toaster() {
  const toasts = useSyncExternalStore(subscribeToToasts, toastsShown, toastsShown)
  return (
    <section
      aria-label="Notices"
      aria-live="polite"
      aria-relevant="additions text"
      onPointerEnter={() => holdToasts(true)}
      onPointerLeave={() => holdToasts(false)}
      onFocus={() => holdToasts(true)}
      onBlur={() => holdToasts(false)}
      className="pointer-events-none fixed inset-x-4 bottom-4 z-40 flex flex-col items-end gap-2"
    >
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </section>
  )
}

function OneToast({ toast }: { toast: Toast }) {
  const { id, text, tone, detail, action } = toast
  const act = () => {
    action?.run()
    dismissToast(id)
  }
  return (
    <div className="pointer-events-auto flex w-full max-w-96 animate-slide-in items-start gap-2.5 rounded-md bg-raised py-2 pr-2 pl-3 shadow-popover">
      <Glyph
        name={tone === "done" ? "check" : "cross"}
        tone={tone === "done" ? "completed" : "failed"}
        className="mt-1.5"
      />
      <div className="min-w-0 flex-1 py-1">
        <p className="font-medium">{text}</p>
        {detail && <p className="text-muted">{detail}</p>}
      </div>
      {action && (
        <Button size="sm" className="mt-0.5" onClick={act}>
          {action.label}
        </Button>
      )}
      <IconButton icon="cross" label="Dismiss" size="sm" className="mt-0.5" onClick={() => dismissToast(id)} />
    </div>
  )
}
