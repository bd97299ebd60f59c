import { useQueryClient } from "@tanstack/react-query"
import type { FormEvent } from "react"
import { apiKey } from "../data/api-key.ts"
import { PageHead } from "../page/PageHead.tsx"
import { Button } from "../ui/Button.tsx"

/** The server answers to keys only, and has not got one from here. */
export function KeyForm() {
  const queries = useQueryClient()
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const key = new FormData(event.currentTarget).get("key")
    if (typeof key !== "string" || key.trim() === "") return
    apiKey.set(key.trim())
    void queries.resetQueries()
  }
  return (
    <form onSubmit={send} className="mx-auto mt-8 flex max-w-md flex-col gap-3">
      <PageHead title="A key is needed" />
      <p className="text-muted">
        {apiKey.get() === null
          ? "This server answers to those who have a key (WAYBILL_AUTH=keys)."
          : "The server does not know the key that was entered."}{" "}
        It is kept in this tab until the tab is closed.
      </p>
      <label className="flex flex-col gap-1 font-medium">
        Key
        <input
          name="key"
          type="password"
          autoComplete="off"
          required
          className="h-9 rounded-md border border-line-control bg-canvas px-2 font-mono text-xs"
        />
      </label>
      <Button type="submit" look="primary" size="lg">
        Go on
      </Button>
    </form>
  )
}
