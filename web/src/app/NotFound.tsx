import { Link } from "../page/Link.tsx"
import { PageHead } from "../page/PageHead.tsx"
import { paths } from "../paths.ts"

export function NotFound() {
  return (
    <>
      <PageHead title="There is no such page" />
      <p className="mt-2 max-w-prose text-muted">
        The address may be misspelt, or from another version. Find a run by its id with the search above, or begin at
        the{" "}
        <Link className="text-accent underline" to={paths.overview()}>
          overview
        </Link>
        .
      </p>
    </>
  )
}
