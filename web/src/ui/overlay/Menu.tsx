import { DropdownMenu as Radix } from "radix-ui"
import { Fragment, type ReactElement, type ReactNode } from "react"
import { cx } from "../cx.ts"
import { Icon } from "../Icon.tsx"
import type { IconName } from "../icon-paths.ts"
import { Kbd } from "../Kbd.tsx"
import { ariaKeys } from "../key-hint.ts"

export type MenuItem = {
  readonly label: ReactNode
  readonly onSelect: () => void
  readonly icon?: IconName
  readonly keys?: string
  readonly tone?: "danger"
  /** It stays in the menu, says why, and cannot be chosen. */
  readonly disabledReason?: string
  /** A choice rather than an act: it shows a mark when it holds. */
  readonly checked?: boolean
}

export type MenuGroup = { readonly label?: string; readonly items: readonly MenuItem[] }

type MenuProps = {
  readonly trigger: ReactElement
  readonly groups: readonly MenuGroup[]
  readonly align?: "start" | "end"
  readonly label?: string
}

/** Actions behind one button, parted by lines. Not modal: Radix would lock the page's scrolling by a style sheet. */
export function Menu({ trigger, groups, align = "end", label }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-40 max-h-(--radix-dropdown-menu-content-available-height) max-w-80 min-w-48 animate-appear overflow-y-auto rounded-md bg-raised p-1 shadow-popover"
        >
          {groups.map((group, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups have no other name and do not move
            <Fragment key={at}>
              {at > 0 && <Radix.Separator className="-mx-1 my-1 h-px bg-line" />}
              <Radix.Group>
                {group.label && <Radix.Label className="px-2 py-1 text-2xs text-faint">{group.label}</Radix.Label>}
                {group.items.map((item, row) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: labels may be alike, places are not
                  <Item key={row} item={item} />
                ))}
              </Radix.Group>
            </Fragment>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const row =
  "flex min-h-7 items-center gap-2 rounded-sm px-2 py-1 outline-none select-none data-highlighted:bg-hover aria-disabled:text-faint"

function Item({ item }: { item: MenuItem }) {
  const { onSelect, disabledReason, checked, keys, tone } = item
  const shared = {
    className: cx(row, tone === "danger" && !disabledReason && "text-danger"),
    "aria-disabled": disabledReason ? true : undefined,
    "aria-keyshortcuts": keys && ariaKeys(keys),
    // A refused item can be reached, or nobody would hear why.
    onSelect: (event: Event) => (disabledReason ? event.preventDefault() : onSelect()),
  }
  if (checked === undefined) {
    return (
      <Radix.Item {...shared}>
        <ItemWords item={item} />
      </Radix.Item>
    )
  }
  return (
    <Radix.CheckboxItem checked={checked} {...shared}>
      <ItemWords item={item} />
    </Radix.CheckboxItem>
  )
}

function ItemWords({ item: { label, icon, keys, disabledReason, checked } }: { item: MenuItem }) {
  return (
    <>
      {checked !== undefined && <Icon name="check" size={14} className={cx(!checked && "invisible")} />}
      {icon && <Icon name={icon} size={14} className={disabledReason ? undefined : "text-faint"} />}
      <span className="min-w-0 flex-1">
        <span className="block">{label}</span>
        {disabledReason && <span className="block text-2xs text-faint">{disabledReason}</span>}
      </span>
      {keys && (
        <span aria-hidden="true">
          <Kbd keys={keys} />
        </span>
      )}
    </>
  )
}
