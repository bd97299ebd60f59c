/** Why a sign-in by the identity provider came to nothing, in words that may be shown; `cause` is for the log. */
export class OidcRefused extends Error {}
