import { useQuery } from "@tanstack/react-query"
import { sessionQuery } from "../data/queries.ts"
import { useEnvironment, useGo, usePathname } from "../page/navigation.ts"
import { buttonLook } from "../ui/button-look.ts"
import { cx } from "../ui/cx.ts"
import { Icon } from "../ui/Icon.tsx"
import { Menu } from "../ui/overlay/Menu.tsx"
import { environmentsShown, isProduction, pageIn } from "./environments.ts"

/**
 * Which environment the page is of, always visible and loud where it is production: the same page of another environment
 * looks the same. Chosen here, it stands in the address, and every link of the page keeps it.
 */
export function EnvironmentMenu() {
  const session = useQuery({ ...sessionQuery(), staleTime: SEEN_MS })
  const here = useEnvironment()
  const pathname = usePathname()
  const go = useGo()
  const items = environmentsShown(session.data?.environments, here).map((env) => ({
    label: env,
    checked: env === here,
    onSelect: () => go(pageIn(pathname, env)),
  }))
  return (
    <Menu
      label="Environment"
      align="start"
      groups={[{ label: "Environment", items }]}
      trigger={
        <button
          type="button"
          className={cx(buttonLook({ look: isProduction(here) ? "danger-fill" : "plain", size: "sm" }), "max-w-48")}
        >
          <span className="font-normal">env:</span>
          <span className="truncate">{here}</span>
          <Icon name="chevrons-up-down" size={12} />
        </button>
      }
    />
  )
}

/** Another one may have got its first workflow meanwhile. */
const SEEN_MS = 10_000
