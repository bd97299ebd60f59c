import type { ReactNode } from "react"

export interface PageHeadProps {
  /** Of the browser's tab, before "· Waybill"; and the heading, where `children` say nothing else. */
  readonly title: string
  /** The heading, when it is more than the title's text. */
  readonly children?: ReactNode
  /** Beside the heading. */
  readonly actions?: ReactNode
}

/**
 * The page's name: in the tab, and as the one `h1`, which gets the focus when somebody comes here. It must be there in the
 * first render, not behind the data.
 */
export function PageHead({ title, children, actions }: PageHeadProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <title>{`${title} · Waybill`}</title>
      <h1 tabIndex={-1} className="min-w-28 flex-1 basis-28 text-lg font-semibold outline-none">
        {children ?? (
          <span title={title} className="line-clamp-3">
            {title}
          </span>
        )}
      </h1>
      {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  )
}
