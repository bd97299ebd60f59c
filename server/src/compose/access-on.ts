/** Who may enter, from settings and the store; a server that nobody could enter does not start. */
import { systemChance } from "@waybill/engine/adapters/system/chance"
import { type Access, openAccessDoors } from "../access/open-access.ts"
import { providerOf } from "../access/provider-of.ts"
import { type Config, ConfigError } from "../config.ts"
import { hostGuard, loopbackNames } from "../http/shared/host-guard.ts"
import { isFault } from "./faults.ts"
import type { Parts } from "./parts.ts"

export async function openAccessOn({ config, fatal, log, data }: Parts): Promise<Access> {
  const chance = systemChance()
  const { auth, openActor, keys, sessionIdleMinutes, sessionDays, baseUrl } = config
  const { oidc, groups } = providerOf(config)
  const access = await openAccessDoors(
    {
      store: data.access,
      audit: data.audit,
      now: Date.now,
      id: (prefix) => chance.id(prefix),
      onError: (error) => {
        isFault(error, fatal)
        log.warn({ err: error }, "the audit waits for the store")
      },
    },
    {
      auth,
      openActor,
      keys,
      sessionIdleMinutes,
      sessionDays,
      isSecure: baseUrl?.startsWith("https:") ?? false,
      oidc,
      groups,
    },
  )
  if (auth !== "keys" || keys.length > 0 || access.directory.hasAdmin) return access
  await access.close()
  throw new ConfigError([
    `auth is keys and there is no key and no admin, so nobody could enter: make the first with \`waybill members add you@example.com --role admin\`, or add a key, as docs/guides/access.md shows`,
  ])
}

/** Who may enter, and under which names the server answers (settled 23). */
export function doorsOf(config: Config, access: Access) {
  const names = [config.host, ...config.allowedHosts]
  if (config.baseUrl !== null) names.push(new URL(config.baseUrl).hostname)
  const isOpen = config.auth === "open"
  return {
    authenticate: access.authenticate,
    hosts: hostGuard({
      // With keys a page of another site has no key to send; the names are checked where somebody has listed them.
      hosts: isOpen ? [...loopbackNames, ...names] : config.allowedHosts.length === 0 ? null : names,
      origins: [...config.allowedOrigins, ...(config.baseUrl === null ? [] : [config.baseUrl])],
    }),
  }
}
