/** The one cookie: for this host, out of reach of scripts, and not sent along by pages of other sites. */

export interface CookieOptions {
  readonly name: string
  readonly maxAgeSeconds: number
  readonly isSecure: boolean
}

export function sessionCookie(options: CookieOptions, secret: string): string {
  return written(options, secret, options.maxAgeSeconds)
}

export function clearedCookie(options: CookieOptions): string {
  return written(options, "", 0)
}

function written({ name, isSecure }: CookieOptions, value: string, maxAge: number): string {
  const parts = [`${name}=${value}`, "Path=/", "HttpOnly", "SameSite=Lax", `Max-Age=${maxAge}`]
  return (isSecure ? [...parts, "Secure"] : parts).join("; ")
}
