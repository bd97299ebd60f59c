import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Command } from "cmdk"
import { useDeferredValue, useState } from "react"
import { pendingQuery, runsQuery, sessionQuery, workflowsQuery } from "../../data/queries.ts"
import { useShownKeys } from "../../keys/use-keys.ts"
import { useEnvironment, useGo, usePathname } from "../../page/navigation.ts"
import { paths } from "../../paths.ts"
import { Kbd } from "../../ui/Kbd.tsx"
import { lookOfRun } from "../../ui/run-look.ts"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { environmentsShown, pageIn } from "../environments.ts"
import { Layer } from "../Layer.tsx"
import { adminPlaces, places } from "../places.ts"
import { match } from "./match.ts"
import { runIdIn } from "./run-id.ts"

const SHOWN = 8
const ASKED = 200

/** Finds pages, workflows, runs by a pasted id or by their text, approvals, and whatever has a key now. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("")
  const go = useGo()
  const open = (to: string) => {
    onClose()
    go(to)
  }
  return (
    <Layer label="Find anything" onClose={onClose}>
      <Command label="Find anything" filter={match} className="flex max-h-[60vh] flex-col">
        <Command.Input
          value={text}
          onValueChange={setText}
          autoFocus
          placeholder="A page, a workflow, a run's id or text, an action"
          className="h-11 w-full shrink-0 rounded-t-lg border-b bg-transparent px-4 text-base outline-none"
        />
        <Command.List className="overflow-y-auto p-2">
          <Command.Empty className="p-3 text-muted">Nothing here has that name.</Command.Empty>
          <PastedRun text={text} open={open} />
          <Actions close={onClose} />
          <Places open={open} />
          <Environments open={open} />
          <Workflows open={open} />
          {text.trim() !== "" && <Starts open={open} />}
          <Approvals open={open} />
          <Runs text={text} open={open} />
        </Command.List>
      </Command>
    </Layer>
  )
}

interface Opens {
  readonly open: (to: string) => void
}

const group =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-muted"
const item =
  "flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 data-[selected=true]:bg-selected data-[disabled=true]:text-faint"

function PastedRun({ text, open }: Opens & { text: string }) {
  const runId = runIdIn(text)
  if (runId === null) return null
  return (
    <Command.Group heading="Run" className={group} forceMount>
      <Command.Item className={item} value={`${text} ${runId}`} forceMount onSelect={() => open(paths.run(runId))}>
        Open <code>{runId}</code>
      </Command.Item>
    </Command.Group>
  )
}

function Places({ open }: Opens) {
  return (
    <Command.Group heading="Pages" className={group}>
      {[...places, ...Object.values(adminPlaces)].map(({ label, to, key }) => (
        <Command.Item key={to} className={item} value={`${label} ${to}`} onSelect={() => open(to)}>
          <span className="flex-1">{to.startsWith("/admin/") ? `Admin: ${label}` : label}</span>
          {key !== undefined && <Kbd keys={`g ${key}`} />}
        </Command.Item>
      ))}
    </Command.Group>
  )
}

/** The same page in another environment. */
function Environments({ open }: Opens) {
  const here = useEnvironment()
  const pathname = usePathname()
  const { data } = useQuery(sessionQuery())
  const others = environmentsShown(data?.environments, here).filter((env) => env !== here)
  if (others.length === 0) return null
  return (
    <Command.Group heading="Environments" className={group}>
      {others.map((env) => (
        <Command.Item
          key={env}
          className={item}
          value={`Environment ${env}`}
          onSelect={() => open(pageIn(pathname, env))}
        >
          Go to the environment {env}
        </Command.Item>
      ))}
    </Command.Group>
  )
}

/** Whatever can be done by a key on the page below. */
function Actions({ close }: { close: () => void }) {
  const groups = useShownKeys().filter(({ title }) => title !== "Everywhere")
  return groups.map(({ title, keys }) => (
    <Command.Group key={title} heading={title} className={group}>
      {keys.map(({ keys: name, label, refused, run }) => (
        <Command.Item
          key={name}
          className={item}
          value={`${title} ${label}`}
          disabled={Boolean(refused)}
          onSelect={() => {
            close()
            run()
          }}
        >
          <span className="flex-1">{refused ? `${label}: ${refused}` : label}</span>
          <Kbd keys={name} />
        </Command.Item>
      ))}
    </Command.Group>
  ))
}

function Workflows({ open }: Opens) {
  const env = useEnvironment()
  const { data } = useQuery(workflowsQuery({ env, limit: ASKED }))
  if (data === undefined) return null
  return (
    <Command.Group heading="Workflows" className={group}>
      {data.items.map(({ workflowId, name }) => (
        <Command.Item
          key={workflowId}
          className={item}
          value={`${name} ${workflowId}`}
          onSelect={() => open(paths.workflow(workflowId))}
        >
          {name} {name !== workflowId && <code className="text-muted">{workflowId}</code>}
        </Command.Item>
      ))}
    </Command.Group>
  )
}

/** Each workflow's form, for whoever types its name or begins with `start`: without a word there would be too many. */
function Starts({ open }: Opens) {
  const env = useEnvironment()
  const { data } = useQuery(workflowsQuery({ env, limit: ASKED }))
  const active = data?.items.filter(({ status }) => status === "active") ?? []
  if (active.length === 0) return null
  return (
    <Command.Group heading="Start a run" className={group}>
      {active.map(({ workflowId, name }) => (
        <Command.Item
          key={workflowId}
          className={item}
          value={`Start ${name} ${workflowId}`}
          onSelect={() => open(paths.workflow(workflowId, { start: "1" }))}
        >
          Start {name}
        </Command.Item>
      ))}
    </Command.Group>
  )
}

function Approvals({ open }: Opens) {
  const { data } = useQuery(pendingQuery(useEnvironment()))
  if (data === undefined || data.items.length === 0) return null
  return (
    <Command.Group heading="Approvals" className={group}>
      {data.items.map(({ approvalId, workflowId, message }) => (
        <Command.Item
          key={approvalId}
          className={item}
          value={`${message} ${workflowId} ${approvalId}`}
          onSelect={() => open(paths.approval(approvalId))}
        >
          <span className="truncate">{message}</span> <span className="ml-auto text-muted">{workflowId}</span>
        </Command.Item>
      ))}
    </Command.Group>
  )
}

/** Found by the server, so they stand whatever cmdk makes of the text. */
function Runs({ text, open }: Opens & { text: string }) {
  const wanted = useDeferredValue(text.trim())
  const env = useEnvironment()
  const { data } = useQuery({
    ...runsQuery({ env, limit: SHOWN, ...(wanted !== "" && { q: wanted }) }),
    enabled: runIdIn(wanted) === null,
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (data === undefined || data.items.length === 0 || runIdIn(text) !== null) return null
  return (
    <Command.Group heading={wanted === "" ? "Newest runs" : "Runs"} className={group} forceMount>
      {data.items.map(({ runId, workflowName, status }) => (
        <Command.Item key={runId} className={item} value={runId} forceMount onSelect={() => open(paths.run(runId))}>
          <span className="truncate">{workflowName}</span>
          <code className="text-muted">{runId}</code>
          <StatusBadge look={lookOfRun(status)} className="ml-auto" />
        </Command.Item>
      ))}
    </Command.Group>
  )
}
