import { useId } from "react"
import { flushSync } from "react-dom"
import { announce } from "../../../ui/announce.ts"
import { Button } from "../../../ui/Button.tsx"
import { cx } from "../../../ui/cx.ts"
import { IconButton } from "../../../ui/IconButton.tsx"
import { useForm } from "../form-context.ts"
import { isList } from "../schema/field.ts"
import { moved, valueAt } from "../value/at.ts"
import type { Control, ControlOf } from "../value/control.ts"
import { newValue } from "../value/start-value.ts"
import type { ControlProps } from "./control-props.ts"
import { GroupFrame } from "./Frame.tsx"
import { TextButton } from "./TextButton.tsx"
import { useItemIds } from "./use-item-ids.ts"

/** Items that are added, taken away and moved; the focus stays with what was pressed. */
export function ListControl(props: ControlProps<ControlOf<"list">>) {
  const { control, name, required, mayBeAbsent } = props
  const { form } = useForm()
  const { field, items, keys, given } = control
  const ids = useItemIds(items.length)
  const dom = useId()
  const isFull = field.maxItems !== null && items.length >= field.maxItems

  const add = () => form.set([...keys, items.length], newValue((field.first[items.length] ?? field.item)()))

  function remove(at: number) {
    flushSync(() => {
      ids.remove(at)
      form.set([...keys, at], undefined)
    })
    document.getElementById(`${dom}add`)?.focus()
    announce(`Removed item ${at + 1} of ${name}`)
  }

  function move(from: number, to: number) {
    const list = valueAt(form.value, keys)
    if (!isList(list)) return
    flushSync(() => {
      ids.move(from, to)
      form.set(keys, moved(list, from, to))
    })
    document.getElementById(`${dom}${to < from ? "up" : "down"}${to}`)?.focus()
    announce(`Now item ${to + 1} of ${list.length}`)
  }

  const leaveOut = given && mayBeAbsent && !required && (
    <TextButton onClick={() => form.set(keys, undefined)}>Leave out</TextButton>
  )
  return (
    <GroupFrame {...props} acts={leaveOut}>
      {items.length > 0 && (
        <ol className="mt-1 flex flex-col gap-2">
          {items.map((item, at) => (
            <li key={ids.of(at)} className="flex min-w-0 items-start gap-2 max-sm:flex-wrap">
              <span className="w-5 shrink-0 pt-2 text-right text-xs text-faint max-sm:w-auto">{at + 1}</span>
              <Item item={item} name={`${name} ${at + 1}`} />
              <span className="flex shrink-0 pt-1 max-sm:order-2 max-sm:ml-auto">
                <IconButton
                  id={`${dom}up${at}`}
                  icon="arrow-up"
                  label={`Move item ${at + 1} up`}
                  disabledReason={at === 0 ? "It is the first" : undefined}
                  onClick={() => move(at, at - 1)}
                />
                <IconButton
                  id={`${dom}down${at}`}
                  icon="arrow-down"
                  label={`Move item ${at + 1} down`}
                  disabledReason={at === items.length - 1 ? "It is the last" : undefined}
                  onClick={() => move(at, at + 1)}
                />
                <IconButton icon="cross" label={`Remove item ${at + 1}`} onClick={() => remove(at)} />
              </span>
            </li>
          ))}
        </ol>
      )}
      <p className="mt-1 flex flex-wrap items-center gap-2">
        <Button
          id={`${dom}add`}
          size="sm"
          icon="plus"
          disabledReason={isFull ? `It has ${field.maxItems} items, which is the most it takes` : undefined}
          onClick={add}
        >
          Add an item
        </Button>
        {items.length === 0 && <span className="text-xs text-muted">{given ? "An empty list" : "Not given"}</span>}
        {items.length === 0 && !given && <TextButton onClick={() => form.set(keys, [])}>Give an empty list</TextButton>}
      </p>
    </GroupFrame>
  )
}

/** An object stands in a box of its own, so that it is seen where one ends and the next begins. */
function Item({ item, name }: { item: Control; name: string }) {
  const { Inner } = useForm()
  const isBox = item.kind === "object" || item.kind === "list" || item.kind === "choice"
  return (
    <div className={cx("min-w-0 flex-1 max-sm:order-3 max-sm:basis-full", isBox && "rounded-md border p-3")}>
      <Inner control={item} name={name} required={false} mayBeAbsent={false} nameHidden />
    </div>
  )
}
