/**
 * What stands around every page: header, navigation, the layers of the shell, and the one `main`. It knows the places,
 * not the pages.
 */
import { Outlet } from "@tanstack/react-router"
import { Suspense, useState, useSyncExternalStore } from "react"
import { usePreference } from "../prefs/preference.ts"
import { timeZone, zoneName } from "../prefs/time-zone.ts"
import { UiRoot } from "../ui/UiRoot.tsx"
import { AwayNote } from "./AwayNote.tsx"
import { EnvironmentNote } from "./EnvironmentNote.tsx"
import { Header } from "./Header.tsx"
import { KeyForm } from "./KeyForm.tsx"
import { keyWanted } from "./key-wanted.ts"
import { layerNow } from "./layers.ts"
import { Navigation } from "./Navigation.tsx"
import { overlay } from "./overlays.ts"
import { UnreadNote } from "./UnreadNote.tsx"
import { useShellKeys } from "./use-shell-keys.ts"

export function Shell() {
  const [zone] = usePreference(timeZone)
  const isKeyWanted = useSyncExternalStore(keyWanted.subscribe, keyWanted.get)
  useShellKeys()
  return (
    <UiRoot times={{ shown: "relative", zone: zoneName(zone) }}>
      <a
        href="#main"
        className="sr-only rounded-md bg-raised p-2 shadow-popover focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to the page
      </a>
      <div className="flex min-h-dvh flex-col">
        <Header />
        <Navigation />
        <AwayNote />
        <EnvironmentNote />
        <UnreadNote />
        {/* A page whose `data-fill` element wants the rest of the window gets it. */}
        <main
          id="main"
          tabIndex={-1}
          className="mx-auto w-full max-w-400 flex-1 px-4 py-4 wrap-anywhere outline-none has-[>[data-fill]]:flex has-[>[data-fill]]:flex-col"
        >
          {isKeyWanted ? <KeyForm /> : <Outlet />}
        </main>
      </div>
      <Layers />
    </UiRoot>
  )
}

function Layers() {
  const open = useSyncExternalStore(overlay.subscribe, overlay.get)
  return <Suspense>{open !== null && <OpenLayer key={open} name={open} />}</Suspense>
}

function OpenLayer({ name }: { readonly name: Parameters<typeof layerNow>[0] }) {
  // Kept while it is open: what is typed into it must not go when its code comes a second way.
  const [Layer] = useState(() => layerNow(name))
  return <Layer onClose={() => overlay.set(null)} />
}
