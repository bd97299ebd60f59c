/**
 * Signing in at the organisation's identity provider (OpenID Connect: authorization code with PKCE, state and nonce). It
 * says who somebody is and in which groups; what a group may do here stands in the configuration. Nothing it says is
 * believed that is not in a token with a good signature for this sign-in, begun in this browser.
 */
import { timingSafeEqual } from "node:crypto"
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client"
import { userIdOf } from "./manage-people.ts"
import { OidcRefused } from "./oidc-refused.ts"
import { newSecret, sha256Hex } from "./secrets.ts"

export interface OidcSettings {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string | null
  /** On the button. */
  readonly name: string
  readonly scopes: string
  readonly groupsClaim: string
  /** Where the provider sends people back to. */
  readonly callback: string
}

/** Who the provider says it is. */
export interface Person {
  /** Issuer and subject: what stays when the e-mail changes. */
  readonly subject: string
  readonly email: string
  /** The provider says that it has confirmed the e-mail; many say nothing of it. */
  readonly isConfirmed: boolean
  readonly name: string
  readonly groups: readonly string[]
}

interface Pending {
  /** Of the browser's cookie. */
  readonly browser: string
  readonly verifier: string
  readonly nonce: string
  readonly next: string
  readonly until: number
}

const pendingMs = 10 * 60_000
const pendingMax = 1_000
const answerSeconds = 10

export class Oidc {
  readonly #settings: OidcSettings
  readonly #now: () => number
  readonly #pending = new Map<string, Pending>()
  #provider: Promise<Configuration> | null = null

  constructor(settings: OidcSettings, now: () => number) {
    this.#settings = settings
    this.#now = now
  }

  get name(): string {
    return this.#settings.name
  }

  /** @returns where the browser goes, and what it keeps until it comes back */
  async begin(next: string): Promise<{ readonly url: string; readonly browser: string }> {
    const provider = await this.#discovered()
    const { scopes, callback } = this.#settings
    const [state, nonce, verifier, browser] = [randomState(), randomNonce(), randomPKCECodeVerifier(), newSecret("")]
    this.#pending.set(state, { browser: sha256Hex(browser), verifier, nonce, next, until: this.#now() + pendingMs })
    if (this.#pending.size > pendingMax) this.#pending.delete(this.#pending.keys().next().value!)
    const url = buildAuthorizationUrl(provider, {
      redirect_uri: callback,
      scope: scopes,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    })
    return { url: url.href, browser }
  }

  /** `query`: of the address that the provider sent the browser to. Each sign-in is taken once. */
  async end(query: string, browser: string | null): Promise<{ readonly person: Person; readonly next: string }> {
    const state = new URLSearchParams(query).get("state") ?? ""
    const pending = this.#pending.get(state)
    this.#pending.delete(state)
    if (pending === undefined || pending.until <= this.#now() || !isSame(pending.browser, browser))
      throw new OidcRefused("This sign-in was not begun in this browser, or too long ago. Begin again.")
    const provider = await this.#discovered()
    const { callback } = this.#settings
    const tokens = await authorizationCodeGrant(provider, new URL(`${callback}?${query}`), {
      pkceCodeVerifier: pending.verifier,
      expectedState: state,
      expectedNonce: pending.nonce,
      idTokenExpected: true,
    }).catch((error: unknown) => {
      throw new OidcRefused("The identity provider did not let you in.", { cause: error })
    })
    const claims = { ...tokens.claims()! } as Record<string, unknown>
    const isWhole = claims.email !== undefined && claims[this.#settings.groupsClaim] !== undefined
    if (!isWhole) Object.assign(claims, await this.#moreOf(provider, tokens.access_token, String(claims.sub)))
    return { person: this.#personOf(claims), next: pending.next }
  }

  /** Many providers put groups and e-mail there only. */
  async #moreOf(provider: Configuration, token: string, subject: string): Promise<Record<string, unknown>> {
    if (provider.serverMetadata().userinfo_endpoint === undefined) return {}
    return (await fetchUserInfo(provider, token, subject)) as Record<string, unknown>
  }

  #personOf(claims: Readonly<Record<string, unknown>>): Person {
    const { iss, sub, email, email_verified: verified, name } = claims
    if (typeof email !== "string" || !/^[^\s@<>"]+@[^\s@<>"]+$/.test(email) || email.length > 200)
      throw new OidcRefused("The identity provider does not tell your e-mail.", { who: String(sub) })
    // Whoever may write any e-mail into their account must not become somebody by it.
    if (verified === false)
      throw new OidcRefused("The identity provider has not confirmed your e-mail.", { who: userIdOf(email) })
    const groups = claims[this.#settings.groupsClaim]
    return {
      subject: `${String(iss)} ${String(sub)}`,
      email: email.toLowerCase(),
      isConfirmed: verified === true,
      name: typeof name === "string" && name !== "" ? name.slice(0, 200) : email,
      groups: Array.isArray(groups) ? groups.filter((one) => typeof one === "string") : [],
    }
  }

  #discovered(): Promise<Configuration> {
    this.#provider ??= this.#discover().catch((error: unknown) => {
      this.#provider = null
      throw new OidcRefused("The identity provider cannot be reached now.", { cause: error })
    })
    return this.#provider
  }

  async #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings
    const url = new URL(issuer)
    // Without TLS only on this machine; the configuration takes no other.
    const execute = url.protocol === "http:" ? [allowInsecureRequests] : []
    const found = await discovery(url, clientId, clientSecret ?? undefined, undefined, {
      execute,
      timeout: answerSeconds,
    })
    found.timeout = answerSeconds
    return found
  }
}

function isSame(kept: string, browser: string | null): boolean {
  const given = Buffer.from(sha256Hex(browser ?? ""))
  return timingSafeEqual(Buffer.from(kept), given)
}
