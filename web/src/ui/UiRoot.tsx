/**
 * What the components below need once a page: the tooltip, the live regions, the notices, and how times are shown.
 * The components know no router, no query and no subject; strict CSP holds, for nothing here writes a style sheet.
 */
import type { ReactNode } from "react"
import { Announcer } from "./Announcer.tsx"
import { type TimeSettings, TimeSettingsProvider } from "./time/time-settings.ts"
import { TipLayer } from "./tip/TipLayer.tsx"
import { Toaster } from "./toast/Toaster.tsx"

const byDefault: TimeSettings = { shown: "relative" }

export function UiRoot({ times = byDefault, children }: { times?: TimeSettings; children: ReactNode }) {
  return (
    <TimeSettingsProvider value={times}>
      {children}
      <Toaster />
      <Announcer />
      <TipLayer />
    </TimeSettingsProvider>
  )
}
