import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { pendingQuery } from "../data/queries.ts"
import { Link } from "../page/Link.tsx"
import { useEnvironment, usePathname } from "../page/navigation.ts"
import { paths } from "../paths.ts"
import { CountBadge } from "../ui/Badge.tsx"
import { Button } from "../ui/Button.tsx"
import { cx } from "../ui/cx.ts"
import { type Place, places } from "./places.ts"

/** The places in one row; where the window is narrow, behind a button. */
export function Navigation() {
  const pathname = usePathname()
  // Open on this page only: whoever has gone somewhere wants to see it.
  const [openAt, setOpenAt] = useState<string | null>(null)
  const isOpen = openAt === pathname
  const here = places.find(({ to }) => isAt(pathname, to))
  return (
    <nav aria-label="Main" className="border-b bg-surface">
      <div className="mx-auto w-full max-w-400 px-2">
        <div className="px-2 py-1 md:hidden">
          <Button
            look="quiet"
            icon={isOpen ? "cross" : "menu"}
            aria-expanded={isOpen}
            aria-controls="places"
            onClick={() => setOpenAt(isOpen ? null : pathname)}
          >
            {here?.label ?? "Menu"}
            {!isOpen && <PendingApprovals />}
          </Button>
        </div>
        <ul id="places" className={cx("flex-col md:flex md:flex-row md:flex-wrap", isOpen ? "flex" : "hidden")}>
          {places.map((place) => (
            <li key={place.to}>
              <PlaceLink place={place} isHere={place === here} />
            </li>
          ))}
        </ul>
      </div>
    </nav>
  )
}

function PlaceLink({ place, isHere }: { place: Place; isHere: boolean }) {
  return (
    <Link
      to={place.to}
      aria-current={isHere ? "page" : undefined}
      className={cx(
        "flex items-center gap-1.5 border-l-2 px-2.5 py-2 md:border-b-2 md:border-l-0 md:py-1.5",
        isHere ? "border-accent font-medium text-fg" : "border-transparent text-muted hover:text-fg",
      )}
    >
      {place.label}
      {place.to === paths.approvals() && <PendingApprovals />}
    </Link>
  )
}

/** A counter here means that somebody is needed. */
function PendingApprovals() {
  const { data } = useQuery(pendingQuery(useEnvironment()))
  return <CountBadge count={data?.total?.value ?? data?.items.length ?? 0} label="waiting for a person" />
}

function isAt(pathname: string, to: string): boolean {
  return to === "/" ? pathname === "/" : pathname === to || pathname.startsWith(`${to}/`)
}
