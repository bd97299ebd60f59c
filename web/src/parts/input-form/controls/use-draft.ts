import type { Json } from "@waybill/contract"
import { useState } from "react"
import { sameJson } from "../value/scalar-text.ts"

/**
 * The text as it was typed, for as long as the value is the one it reads as: `1.50` does not turn into `1.5` under the
 * hand. When the value has come from elsewhere, it is `shown`.
 */
export function useDraft(value: Json | undefined, shown: string) {
  const [draft, setDraft] = useState<{ readonly text: string; readonly value: Json | undefined } | null>(null)
  const holds = draft !== null && (draft.value === value || sameJson(draft.value, value))
  return {
    text: holds ? draft.text : shown,
    /** `reads`: what this text stands for. */
    typed: (text: string, reads: Json | undefined) => setDraft({ text, value: reads }),
  }
}
