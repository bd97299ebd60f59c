import type { Workflow } from "@waybill/contract"
import { useMemo } from "react"
import { describeFields, type FieldRow } from "../../../parts/input-form/schema/describe.ts"
import type { Field } from "../../../parts/input-form/schema/field.ts"
import { inputField, inputSchemaOf } from "../../../parts/input-form/schema/input-schema.ts"
import { cx } from "../../../ui/cx.ts"

const head = "border-b px-3 py-1.5 text-left text-xs font-medium whitespace-nowrap text-muted"
const cell = "px-3 py-1.5 max-md:px-0 max-md:py-0"

/** The input schema as somebody reads it who is about to start a run. */
export function InputTable({ workflow }: { workflow: Workflow }) {
  const rows = useMemo(() => {
    const schema = inputSchemaOf(workflow.definition)
    return schema === null ? null : describeFields(inputField(schema))
  }, [workflow.definition])
  if (rows === null) return <p className="text-muted">It has no input schema: it takes any object.</p>
  if (rows.length === 0) return <p className="text-muted">It asks for nothing.</p>
  return (
    <div className="overflow-x-auto rounded-md border bg-surface">
      <table className="w-full border-collapse wrap-break-word align-top max-md:block">
        <thead className="max-md:sr-only">
          <tr>
            <th className={head}>Field</th>
            <th className={head}>Type</th>
            <th className={head}>Default</th>
            <th className={head}>What it is</th>
          </tr>
        </thead>
        <tbody className="max-md:block">
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the forms of a choice may name the same field
            <Row key={at} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const indents = ["", "pl-7", "pl-11", "pl-15", "pl-19", "pl-23"]

function Row({ row: { path, depth, type, required, field } }: { row: FieldRow }) {
  return (
    <tr className="border-b align-top last:border-b-0 max-md:flex max-md:flex-wrap max-md:gap-x-3 max-md:px-3 max-md:py-2">
      <td className={cx(cell, "md:whitespace-nowrap", indents[depth])}>
        <code className="inline-block max-w-44 whitespace-normal text-fg">{path}</code>
        {required && <span className="ml-1.5 text-xs text-faint">required</span>}
      </td>
      <td className={cx(cell, "text-muted md:whitespace-nowrap")}>{type}</td>
      <td className={cx(cell, "max-md:empty:hidden")}>
        {field.default !== undefined && (
          <code className="block max-w-48 truncate leading-5" title={JSON.stringify(field.default)}>
            <span className="text-faint md:hidden">default </span>
            {JSON.stringify(field.default)}
          </code>
        )}
      </td>
      <td className={cx(cell, "max-md:basis-full max-md:empty:hidden")}>{whatItIs(field)}</td>
    </tr>
  )
}

function whatItIs(field: Field): string | null {
  const values = field.kind === "enum" ? field.options.map((option) => option.label).join(", ") : null
  const words = [field.description?.replace(/\.$/, ""), values, ...field.bounds].filter((part) => part != null)
  return words.length === 0 ? null : words.join(" · ")
}
