import { Command } from "./Command.tsx"
import { createCommand, FIRST_FILE, syncCommand } from "./how-to.ts"

/** Workflows are files, or documents over the API: either way it is a text like this one. */
export function HowToMake({ env }: { env: string }) {
  return (
    <ol className="flex flex-col gap-3">
      <li className="flex flex-col gap-1">
        <p>
          1. Save this as <code>hello.workflow.yaml</code> in the folder <code>{env}/workflows</code> of the
          environments:
        </p>
        <Command text={FIRST_FILE} what="the definition" />
      </li>
      <li className="flex flex-col gap-1">
        <p>
          2. Let the server read it. One that was started with <code>waybill dev</code> does so by itself.
        </p>
        <Command text={syncCommand(env)} what="the command" />
      </li>
      <li className="flex flex-col gap-1">
        <p>Or send it over the API, without a folder:</p>
        <Command text={createCommand(globalThis.location.origin, env, "hello.workflow.yaml")} what="the request" />
      </li>
    </ol>
  )
}
