/** A real OpenID Connect provider on this machine, certified by its makers; who signs in there is said by the test. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import Provider from "oidc-provider"

export interface Account {
  readonly email: string
  readonly email_verified?: boolean
  readonly name?: string
  readonly groups?: readonly string[]
}

export interface IdentityProvider {
  readonly issuer: string
  /** By subject. */
  readonly accounts: Map<string, Account>
  /** The subject of who signs in next. */
  next: string
  close(): Promise<void>
}

export async function identityProvider(callback: string, secret: string): Promise<IdentityProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const accounts = new Map<string, Account>()
  const given: IdentityProvider = {
    issuer,
    accounts,
    next: "",
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  }
  const provider: Provider = new Provider(issuer, {
    clients: [{ client_id: "waybill", client_secret: secret, redirect_uris: [callback] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
    scopes: ["openid", "email", "profile", "groups"],
    pkce: { required: () => true },
    cookies: { keys: ["a key of the test"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, ...accounts.get(accountId) }),
    }),
    // Everything that is asked for is granted: consent is not what is tested.
    loadExistingGrant: async (context: {
      oidc: { session: { accountId: string }; client: { clientId: string }; params: { scope: string } }
    }) => {
      const { session, client, params } = context.oidc
      const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId })
      grant.addOIDCScope(params.scope)
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  server.on("request", (request, response) => {
    if (!request.url!.startsWith("/interaction/")) return answer(request, response)
    provider
      .interactionFinished(request, response, { login: { accountId: given.next } })
      .catch(() => response.destroy())
  })
  return given
}
