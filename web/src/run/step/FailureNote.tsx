import type { RunError } from "@waybill/contract"
import { Badge } from "../../ui/Badge.tsx"
import { JsonTree } from "../../ui/json/JsonTree.tsx"

/** A failure whole: class, code and words first, then evidence, then where in the agent's code. */
export function FailureNote({ error }: { error: RunError }) {
  const { title, detail, code, data } = error
  // Of the error as it was recorded, beyond what the contract names.
  const { stack } = error as { readonly stack?: unknown }
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <p className="flex flex-wrap items-center gap-2">
        {error.class && <Badge tone="failed">{error.class}</Badge>}
        <code>{code}</code>
        {title && title !== detail && <span className="text-muted">{title}</span>}
      </p>
      <p className="max-h-60 overflow-y-auto font-medium wrap-anywhere whitespace-pre-wrap">{detail}</p>
      {data !== undefined && <JsonTree value={data} label="Evidence" bare openDepth={2} />}
      {typeof stack === "string" && (
        <details>
          <summary className="text-muted hover:text-fg">Where in the code</summary>
          <pre className="mt-1 max-h-60 overflow-auto rounded-sm bg-sunken p-2 wrap-anywhere whitespace-pre-wrap">
            {stack}
          </pre>
        </details>
      )}
    </div>
  )
}
