import type { JsonObject } from "@waybill/contract"
import { Icon } from "../../ui/Icon.tsx"
import { JsonEditor } from "../json-editor/JsonEditor.tsx"

type AskedFormProps = {
  readonly schema: JsonObject | null
  readonly text: string
  readonly onText: (text: string) => void
  readonly error?: string
}

/** What the approval asks to be filled in: the fields with their meaning, and their values. */
export function AskedForm({ schema, text, onText, error }: AskedFormProps) {
  const properties = Object.entries((schema?.properties ?? {}) as { readonly [name: string]: JsonObject })
  const required = Array.isArray(schema?.required) ? schema.required : []
  return (
    <section aria-label="To fill in" className="flex min-w-0 flex-col gap-1.5">
      <h3 className="text-xs font-medium">To fill in</h3>
      {properties.length > 0 && (
        <ul className="flex flex-col gap-0.5 text-xs text-muted">
          {properties.map(([name, field]) => (
            <li key={name} className="wrap-anywhere">
              <code className="text-mono text-fg">{name}</code>{" "}
              {[kindOf(field), required.includes(name) && "required", field.description].filter(Boolean).join(", ")}
            </li>
          ))}
        </ul>
      )}
      <JsonEditor label="Form, as JSON" value={text} onChange={onText} />
      {error !== undefined && (
        <p role="alert" className="flex items-start gap-1 text-xs text-danger">
          <Icon name="warning" size={12} className="mt-0.5" />
          <span className="min-w-0 wrap-anywhere">{error}</span>
        </p>
      )}
    </section>
  )
}

function kindOf(field: JsonObject): string {
  if (Array.isArray(field.enum)) return `one of ${field.enum.map((one) => JSON.stringify(one)).join(", ")}`
  return typeof field.type === "string" ? field.type : "any value"
}
