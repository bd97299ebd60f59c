/** What stands around every control: its name, what the schema says of it, what is wrong, and what can be done with it. */
import { type ReactNode, useId } from "react"
import { Field } from "../../../ui/form/Field.tsx"
import { Icon } from "../../../ui/Icon.tsx"
import { useForm } from "../form-context.ts"
import type { Control } from "../value/control.ts"
import { controlValue } from "../value/control.ts"
import { sameJson } from "../value/scalar-text.ts"
import type { ControlProps } from "./control-props.ts"
import { TextButton } from "./TextButton.tsx"

/** Around one input, which takes name, hint and error up by itself. */
export function Frame(props: ControlProps & { children: ReactNode; error?: string }) {
  const { control, name, required, nameHidden, aside, children } = props
  const { words } = useForm()
  return (
    <div data-place={control.pointer} className="min-w-0 flex-1">
      <Field
        label={<Name control={control} name={name} />}
        labelHidden={nameHidden}
        required={required && !control.given}
        hint={hintOf(control)}
        error={props.error ?? words.get(control.pointer)}
        aside={
          nameHidden ? undefined : (
            <>
              <ValueActs control={control} />
              {aside}
            </>
          )
        }
      >
        {children}
      </Field>
    </div>
  )
}

type GroupProps = ControlProps & {
  readonly children: ReactNode
  readonly acts?: ReactNode
  /** What is wrong is said by what is in it, which stands at the same place. */
  readonly isSaidInside?: boolean
}

/** Around several: a group with a name. */
export function GroupFrame(props: GroupProps) {
  const { control, name, required, nameHidden, aside, acts, isSaidInside = false, children } = props
  const { words } = useForm()
  const id = useId()
  const error = isSaidInside ? undefined : words.get(control.pointer)
  const hint = hintOf(control)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a legend cannot stand in a line with buttons
    <div
      role="group"
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-words`}
      data-place={control.pointer}
      className="flex min-w-0 flex-1 flex-col gap-1"
    >
      <div className={nameHidden ? "sr-only" : "flex min-w-0 items-baseline gap-2"}>
        <span id={`${id}-name`} className="min-w-0 text-xs font-medium wrap-anywhere">
          <Name control={control} name={name} />
          {required && !control.given && <span className="ml-1 font-normal text-faint">required</span>}
        </span>
        {!nameHidden && (
          <span className="ml-auto flex shrink-0 items-center gap-2">
            {acts}
            <ValueActs control={control} />
            {aside}
          </span>
        )}
      </div>
      <div id={`${id}-words`} className="flex flex-col gap-1 text-xs empty:hidden">
        {hint !== undefined && <p className="text-muted">{hint}</p>}
        {error !== undefined && (
          <p className="flex items-start gap-1 text-danger">
            <Icon name="warning" size={12} className="mt-0.5" />
            <span className="min-w-0 wrap-anywhere">{error}</span>
          </p>
        )}
      </div>
      {children}
    </div>
  )
}

function Name({ control: { field }, name }: Pick<ControlProps, "control" | "name">) {
  if (field.title === null || field.title === name) return name
  return (
    <>
      {field.title} <code className="font-normal text-faint">{name}</code>
    </>
  )
}

function hintOf({ field }: Control): string | undefined {
  const words = [
    field.description?.replace(/\.$/, ""),
    ...field.bounds,
    field.deprecated ? "no longer used" : undefined,
  ].filter((part) => part !== undefined)
  return words.length === 0 ? undefined : words.join(" · ")
}

/** Ways to values that cannot be typed: the schema's default, and null where it is taken. */
function ValueActs({ control }: { control: Control }) {
  const { form } = useForm()
  const { field, keys } = control
  const value = controlValue(control)
  const isDefault = field.default === undefined || sameJson(field.default, value)
  return (
    <>
      {!isDefault && (
        <TextButton onClick={() => form.set(keys, field.default)}>Default: {shortly(field.default ?? null)}</TextButton>
      )}
      {field.nullable && value !== null && field.kind !== "json" && field.kind !== "enum" && field.default !== null && (
        <TextButton onClick={() => form.set(keys, null)}>Set to null</TextButton>
      )}
    </>
  )
}

const SHORT = 24

function shortly(value: unknown): string {
  const text = typeof value === "string" && value !== "" ? value : JSON.stringify(value)
  return text.length > SHORT ? `${text.slice(0, SHORT)}…` : text
}
