import { useMutation, useQuery } from "@tanstack/react-query"
import { useSyncExternalStore } from "react"
import { apiKey } from "../data/api-key.ts"
import { sessionQuery } from "../data/queries.ts"
import { Link } from "../page/Link.tsx"
import { paths } from "../paths.ts"
import { usePreference } from "../prefs/preference.ts"
import { theme, themes } from "../prefs/theme.ts"
import { timeZone, zoneName } from "../prefs/time-zone.ts"
import { Button } from "../ui/Button.tsx"
import { Icon } from "../ui/Icon.tsx"
import { IconButton } from "../ui/IconButton.tsx"
import { Kbd } from "../ui/Kbd.tsx"
import { EnvironmentMenu } from "./EnvironmentMenu.tsx"
import { keyWanted } from "./key-wanted.ts"
import { LiveMark } from "./LiveMark.tsx"
import { overlay } from "./overlays.ts"
import { signOut } from "./sign-in.ts"
import { WorkspaceMenu } from "./WorkspaceMenu.tsx"

/** Where one is, the way to everything else, how fresh the page is, and how it is shown. */
export function Header() {
  const isKeyWanted = useSyncExternalStore(keyWanted.subscribe, keyWanted.get)
  return (
    <header className="border-b bg-surface">
      <div className="mx-auto flex w-full max-w-400 flex-wrap items-center gap-x-2 gap-y-1 px-4 sm:gap-x-3 py-1.5">
        <Link to={paths.overview()} className="font-semibold tracking-tight">
          Waybill
        </Link>
        <WhereIsThis />
        <button
          type="button"
          onClick={() => overlay.set("palette")}
          aria-keyshortcuts="Meta+K Control+K"
          className="order-last flex h-8 w-full items-center gap-2 rounded-md border border-line-control bg-canvas px-2 text-left text-faint hover:bg-hover md:order-none md:mx-auto md:w-80"
        >
          <Icon name="search" size={14} />
          <span className="flex-1 truncate">Find anything…</span>
          <span aria-hidden="true">
            <Kbd keys="Mod+K" />
          </span>
        </button>
        <div className="ml-auto flex items-center md:ml-0 md:gap-1">
          {!isKeyWanted && <LiveMark />}
          <Zone />
          <ThemeButton />
          <IconButton
            icon="help"
            label="What the keys do now"
            keys="?"
            className="max-sm:hidden"
            onClick={() => overlay.set("keys")}
          />
          <You />
        </div>
      </div>
    </header>
  )
}

/** The workspace and the environment. */
function WhereIsThis() {
  return (
    <div className="flex min-w-0 items-center gap-2 text-muted">
      <WorkspaceMenu />
      <span aria-hidden="true" className="max-sm:hidden">
        /
      </span>
      <EnvironmentMenu />
    </div>
  )
}

function Zone() {
  const [zone, setZone] = usePreference(timeZone)
  const name = zoneName(zone)
  const other = zone === "utc" ? "local" : "utc"
  return (
    <Button look="quiet" size="sm" onClick={() => setZone(other)}>
      {zone === "utc" ? "UTC" : "Local"}
      <span className="sr-only">
        {" "}
        times: {name}; change to {zoneName(other)}
      </span>
    </Button>
  )
}

function ThemeButton() {
  const [chosen, choose] = usePreference(theme)
  const next = themes[(themes.indexOf(chosen) + 1) % themes.length]!
  const icon = chosen === "dark" ? "moon" : chosen === "light" ? "sun" : "sliders"
  return <IconButton icon={icon} label={`Theme: ${chosen}; change to ${next}`} onClick={() => choose(next)} />
}

function You() {
  const { data } = useQuery(sessionQuery())
  const out = useMutation({ mutationFn: signOut })
  if (data === undefined) return null
  if (data.auth === "session")
    return (
      <Button look="quiet" size="sm" busy={out.isPending} title={data.actor} onClick={() => out.mutate()}>
        <span className="max-w-32 truncate max-lg:sr-only">{data.name ?? data.actor}:</span> sign out
      </Button>
    )
  if (apiKey.get() === null) return <span className="max-w-32 truncate text-muted max-lg:sr-only">{data.actor}</span>
  return (
    <Button look="quiet" size="sm" onClick={() => apiKey.set(null)}>
      {data.actor}: forget the key
    </Button>
  )
}
