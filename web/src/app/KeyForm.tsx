import { useQueryClient } from "@tanstack/react-query"
import type { FormEvent } from "react"
import { apiKey } from "../data/api-key.ts"
import { PageHead } from "../page/PageHead.tsx"
import { Button } from "../ui/Button.tsx"
import { Field } from "../ui/form/Field.tsx"
import { TextField } from "../ui/form/TextField.tsx"

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
    <form onSubmit={send} className="mx-auto mt-8 flex max-w-md flex-col gap-3 rounded-md border bg-surface p-5">
      <PageHead title="A key is needed" />
      <p className="text-muted">This server answers to those who have a key. Whoever runs it gives them out.</p>
      <Field
        label="Key"
        hint="Kept in this tab until it is closed, and sent to this server only."
        error={apiKey.get() === null ? undefined : "The server does not know the key that was entered."}
      >
        <TextField name="key" type="password" size="lg" mono autoComplete="off" required autoFocus />
      </Field>
      <Button type="submit" look="primary" size="lg">
        Go on
      </Button>
    </form>
  )
}
