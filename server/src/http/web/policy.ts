/**
 * What a page may do (docs/decisions/0011-styles-under-a-strict-policy.md): code and styles are files of this server,
 * nothing is inline, nothing is evaluated, nobody frames it. The nonce is for the style tags that the editor makes.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ")
}

export function pageHeaders(nonce: string): Readonly<Record<string, string>> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": contentSecurityPolicy(nonce),
    // `no-referrer` would send `Origin: null` with some writes, which our own guard refuses.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    // It names hashed files of one build; the next build has others.
    "cache-control": "no-cache",
    // The same address may answer to programs as JSON (settled 21).
    vary: "accept",
  }
}
