import { useState } from "react"

/**
 * What was chosen or typed is shown at once, and the value that comes from outside follows. An address is written in
 * its own time: a field that showed only what stands there would lose letters to a quick hand, and a radio button would
 * jump back for a moment.
 */
export function useAhead<V>(value: V, onChange: (value: V) => void): readonly [V, (next: V) => void] {
  // What was sent and is still to come, the last as the last; null when nothing is.
  const [sent, setSent] = useState<readonly V[] | null>(null)
  const [seen, setSeen] = useState(value)
  let shown = sent
  if (seen !== value) {
    setSeen(value)
    const at = sent?.indexOf(value) ?? -1
    // A value that was never sent is somebody else's, as that of "back": it holds.
    shown = sent === null || at === -1 || at === sent.length - 1 ? null : sent.slice(at + 1)
    setSent(shown)
  }
  function change(next: V) {
    setSent((before) => [...(before ?? []), next].slice(-SENT_MAX))
    onChange(next)
  }
  return [shown === null ? value : shown.at(-1)!, change]
}

const SENT_MAX = 64
