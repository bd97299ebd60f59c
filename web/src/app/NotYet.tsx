import { PageHead } from "../page/PageHead.tsx"
import type { Place } from "./places.ts"

/** A page to come: it says what will be there, and shows nothing that is not so. */
export function NotYet({ place }: { place: Place }) {
  return (
    <>
      <PageHead title={place.label} />
      <p className="mt-2 max-w-prose">Not built yet. {place.soon}</p>
      <p className="mt-2 max-w-prose text-muted">
        What Waybill records for it today is in every run's events, and at{" "}
        <a className="text-accent underline" href="/docs">
          the API
        </a>
        .
      </p>
    </>
  )
}
