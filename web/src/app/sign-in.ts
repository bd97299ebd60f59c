/** A server with people asks them to sign in on a page of its own; one that has keys only asks for a key, here. */
import { api } from "../data/api.ts"
import { apiKey } from "../data/api-key.ts"

/** To the sign-in page and back; false where there is none to go to. */
export async function goToSignIn(): Promise<boolean> {
  // Whoever has entered a key is asked for a better one, not for a password.
  if (apiKey.get() !== null) return false
  const { pathname, search, hash } = globalThis.location
  const page = `/login?next=${encodeURIComponent(pathname + search + hash)}`
  // Where nobody signs in, the page leads on at once; that is not followed here.
  const answer = await fetch(page, { redirect: "manual" }).catch(() => null)
  if (answer === null || !answer.ok) return false
  globalThis.location.assign(page)
  return true
}

/** The session ends on the server, then this page is left, with all that it knows. */
export async function signOut(): Promise<void> {
  await api().signOut()
  globalThis.location.assign("/login")
}
