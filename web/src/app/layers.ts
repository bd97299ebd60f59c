/**
 * What opens over every page. It comes when nobody waits for anything, and is then drawn in the same moment as its key is
 * pressed: behind a `lazy` alone React would wait with it, and the letters typed meanwhile would be keys of the page.
 */
import { type ComponentType, lazy } from "react"

type Layer = ComponentType<{ readonly onClose: () => void }>

const loads = {
  palette: () => import("./palette/Palette.tsx"),
  keys: () => import("./KeySheet.tsx"),
} as const
const lazily: Readonly<Record<keyof typeof loads, Layer>> = { palette: lazy(loads.palette), keys: lazy(loads.keys) }
const loaded: { -readonly [name in keyof typeof loads]?: Layer } = {}

export async function loadLayers(): Promise<void> {
  const [palette, keys] = await Promise.all([loads.palette(), loads.keys()])
  loaded.palette = palette.default
  loaded.keys = keys.default
}

export const layerNow = (name: keyof typeof loads): Layer => loaded[name] ?? lazily[name]
