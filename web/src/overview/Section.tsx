import type { ReactNode } from "react"
import { Link } from "../page/Link.tsx"
import { linkLook } from "../ui/button-look.ts"

export interface SectionProps {
  readonly title: string
  /** How many there are, when it is known. */
  readonly count?: string
  readonly more?: { readonly label: string; readonly to: string }
  readonly children: ReactNode
}

/** One question and its answer. */
export function Section({ title, count, more, children }: SectionProps) {
  return (
    <section className="min-w-0 rounded-md border border-line bg-surface" aria-label={title}>
      <div className="flex h-9 items-center gap-2 border-b border-line px-3">
        <h2 className="font-semibold">{title}</h2>
        {count !== undefined && <span className="text-muted tabular-nums">{count}</span>}
        {more !== undefined && (
          <Link className={`${linkLook} ml-auto`} to={more.to}>
            {more.label}
          </Link>
        )}
      </div>
      {children}
    </section>
  )
}

export function Nothing({ children }: { readonly children: ReactNode }) {
  return <p className="px-3 py-4 text-pretty text-muted">{children}</p>
}
