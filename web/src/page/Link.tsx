import type { ComponentProps, MouseEvent } from "react"
import { useGo, useHref, usePreload } from "./navigation.ts"

export type LinkProps = Omit<ComponentProps<"a">, "href"> & {
  /** An address of `paths.ts`. */
  readonly to: string
  readonly replace?: boolean
}

/** A link within the UI. It is a real one: it can be opened in another tab, copied, and followed without the keyboard's help. */
export function Link({ to, replace, onClick, onPointerEnter, onFocus, ...rest }: LinkProps) {
  const href = useHref(to)
  const go = useGo()
  const preload = usePreload()
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event)
        if (isForTheBrowser(event)) return
        event.preventDefault()
        go(to, { replace })
      }}
      onPointerEnter={(event) => {
        onPointerEnter?.(event)
        preload(to)
      }}
      onFocus={(event) => {
        onFocus?.(event)
        preload(to)
      }}
    />
  )
}

function isForTheBrowser(event: MouseEvent<HTMLAnchorElement>): boolean {
  const { target } = event.currentTarget
  const isElsewhere = target !== "" && target !== "_self"
  const isModified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
  return event.defaultPrevented || event.button !== 0 || isElsewhere || isModified
}
