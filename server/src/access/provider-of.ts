/** The identity provider as the configuration has it, with what is left out filled in. */
import type { Config } from "../config.ts"
import type { GroupRule } from "./admit-person.ts"
import { defaultWorkspace } from "./directory.ts"
import type { OidcSettings } from "./oidc.ts"

type Provider = Pick<Config, "auth" | "oidc" | "oidcClientSecret" | "baseUrl">

export function providerOf({ auth, oidc, oidcClientSecret, baseUrl }: Provider): {
  readonly oidc: OidcSettings | null
  readonly groups: readonly GroupRule[]
} {
  if (auth !== "oidc" || oidc === null) return { oidc: null, groups: [] }
  const { issuer, clientId, name, scopes, groupsClaim, groups } = oidc
  return {
    oidc: {
      issuer,
      clientId,
      clientSecret: oidcClientSecret,
      name: name ?? "single sign-on",
      scopes: scopes ?? "openid email profile",
      groupsClaim: groupsClaim ?? "groups",
      callback: `${baseUrl}/login/callback`,
    },
    groups: groups.map((rule) => ({ ...rule, workspace: rule.workspace ?? defaultWorkspace })),
  }
}
