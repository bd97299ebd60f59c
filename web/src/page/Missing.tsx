import type { ReactNode } from "react"
import { buttonLook } from "../ui/button-look.ts"
import { EmptyState } from "../ui/EmptyState.tsx"
import { Link } from "./Link.tsx"

type MissingProps = {
  /** `There is no run run_01…`. */
  readonly title: string
  readonly children?: ReactNode
  /** To those that there are. */
  readonly back: { readonly to: string; readonly label: string }
}

/** The address names something that is not there. */
export function Missing({ title, children, back }: MissingProps) {
  return (
    <EmptyState
      title={title}
      icon="search"
      action={
        <Link to={back.to} className={buttonLook({ look: "primary" })}>
          {back.label}
        </Link>
      }
    >
      {children}
    </EmptyState>
  )
}
