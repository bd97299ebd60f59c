import { useQuery } from "@tanstack/react-query"
import { sessionQuery } from "../data/queries.ts"
import { DEFAULT_ENVIRONMENT, useEnvironment, useGo, usePathname } from "../page/navigation.ts"
import { Button } from "../ui/Button.tsx"
import { Callout } from "../ui/Callout.tsx"
import { isUnknown, pageIn } from "./environments.ts"

/** An empty list of an environment that does not exist looks like one of an environment where all is quiet. */
export function EnvironmentNote() {
  const here = useEnvironment()
  const pathname = usePathname()
  const go = useGo()
  const { data } = useQuery({
    ...sessionQuery(),
    // Somebody may be about to make it.
    refetchInterval: ({ state }) => (isUnknown(state.data?.environments, here) ? ASKED_EVERY_MS : false),
  })
  if (!isUnknown(data?.environments, here)) return null
  return (
    <div role="status" className="mx-auto mt-2 -mb-2 w-[calc(100%-2rem)] max-w-392">
      <Callout
        tone="quiet"
        title={`There is nothing in an environment named “${here}”: no workflow and no agent.`}
        action={
          <Button size="sm" onClick={() => go(pageIn(pathname, DEFAULT_ENVIRONMENT))}>
            Go to {DEFAULT_ENVIRONMENT}
          </Button>
        }
      />
    </div>
  )
}

const ASKED_EVERY_MS = 10_000
