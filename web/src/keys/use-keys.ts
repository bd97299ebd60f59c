/** The one hook for keys: `useKeys("Run", { c: { label: "Cancel the run", run: cancel, refused: reason } })`. */
import { useEffect, useEffectEvent, useSyncExternalStore } from "react"
import { keys } from "./keys.ts"
import type { KeyBinding, ShownGroup } from "./registry.ts"

export interface KeyOptions {
  /** A dialog or a sheet: while it is open, single keys of others are silent. */
  readonly isLayer?: boolean
  /** False: not now. */
  readonly isOn?: boolean
}

/** Holds while the component is shown. What it runs is always the newest; labels and reasons may change as they like. */
export function useKeys(
  title: string,
  bindings: { readonly [keys: string]: KeyBinding },
  { isLayer = false, isOn = true }: KeyOptions = {},
): void {
  const run = useEffectEvent((name: string) => bindings[name]?.run())
  // Everything but the functions, as text: the registration is renewed only when what is shown changes.
  const shape = JSON.stringify(
    Object.entries(bindings).map(([name, { label, refused, inFields }]) => [name, { label, refused, inFields }]),
  )
  // a registration with what lives outside React, taken back with the component.
  useEffect(() => {
    if (!isOn) return
    const named = (JSON.parse(shape) as [string, Omit<KeyBinding, "run">][]).map(
      ([name, rest]) => [name, { ...rest, run: () => run(name) }] as const,
    )
    return keys.add({ title, bindings: Object.fromEntries(named), isLayer })
  }, [title, shape, isLayer, isOn])
}

/** What holds now, for the sheet and the palette. */
export function useShownKeys(): readonly ShownGroup[] {
  return useSyncExternalStore(keys.watch, keys.list)
}
