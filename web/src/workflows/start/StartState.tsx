import type { CheckedState } from "../../parts/input-form/use-checked-input.ts"
import type { InputFormHandle, SeenTroubles } from "../../parts/input-form/use-input-form.ts"
import { Button } from "../../ui/Button.tsx"
import { Glyph } from "../../ui/Glyph.tsx"
import { Spinner } from "../../ui/Spinner.tsx"

interface StartStateProps {
  readonly checked: CheckedState
  readonly form: InputFormHandle
  readonly troubles: SeenTroubles
  readonly onShow: (pointer: string | undefined) => void
}

/** Whether the server would take it now; a press leads to the first thing to mend. */
export function StartState({ checked, form, troubles, onShow }: StartStateProps) {
  const count = troubles.all.length
  return (
    <div role="status" className="mr-auto flex min-h-9 items-center gap-2 text-muted max-sm:w-full">
      {form.isBroken ? (
        <>
          <Glyph name="alert" tone="failed" /> A text is no JSON yet
        </>
      ) : checked.state === "checking" ? (
        <>
          <Spinner size={14} /> The server looks at it
        </>
      ) : checked.state === "valid" ? (
        <>
          <Glyph name="check" tone="completed" /> The input fits
        </>
      ) : checked.state === "invalid" ? (
        <>
          <Glyph name="alert" tone="waiting" />
          <Button size="sm" onClick={() => onShow(troubles.all[0]?.pointer)}>
            {count === 1 ? "1 thing to fill in or mend" : `${count} things to fill in or mend`}
          </Button>
        </>
      ) : (
        "The server could not be asked whether it fits"
      )}
    </div>
  )
}
