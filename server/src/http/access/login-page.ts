/**
 * The page to sign in on. It is written here, whole and without a script, so that it works before anything else does and
 * its policy can be the strictest there is. What somebody typed never comes back in it.
 */

export interface LoginPage {
  /** A local path. */
  readonly next: string
  /** What went wrong; null: nothing yet. */
  readonly problem: string | null
  readonly hasPasswords: boolean
  /** What the identity provider is called; null: there is none. */
  readonly provider: string | null
}

export const loginHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
}

export function loginHtml({ next, problem, hasPasswords, provider }: LoginPage): string {
  const other =
    provider === null
      ? ""
      : `<p><a class="${hasPasswords ? "other" : "main"}" href="/login/oidc?next=${encodeURIComponent(next)}">Sign in with ${escaped(provider)}</a></p>`
  const said = problem === null ? "" : `<p class="problem" role="alert">${escaped(problem)}</p>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in · Waybill</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/login/style.css">
</head>
<body>
<main>
<p class="name">Waybill</p>
<h1>Sign in</h1>
${said}
${hasPasswords ? form(next) : ""}
${other}
</main>
</body>
</html>
`
}

function form(next: string): string {
  return `<form method="post" action="/login">
<input type="hidden" name="next" value="${escaped(next)}">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

export const loginStyle = `:root {
  color-scheme: light dark;
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  padding: 1rem;
  min-height: 100vh;
  display: grid;
  place-items: center;
  font: 1rem/1.5 system-ui, sans-serif;
  color: light-dark(#16191d, #e7e9ec);
  background: light-dark(#fafafb, #0e1012);
}
main {
  width: 100%;
  max-width: 22rem;
  padding: 1.5rem;
  border: 1px solid light-dark(#e2e4e8, #24292e);
  border-radius: 0.5rem;
  background: light-dark(#ffffff, #131619);
}
.name {
  margin: 0;
  font-weight: 600;
}
h1 {
  margin: 0 0 1rem;
  font-size: 1.375rem;
  line-height: 1.3;
}
label {
  display: block;
  margin: 0.75rem 0 0.25rem;
}
input,
button,
a.main,
a.other {
  display: block;
  width: 100%;
  min-height: 2.75rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid light-dark(#7d848f, #69727d);
  border-radius: 0.375rem;
  font: inherit;
  color: inherit;
  background: light-dark(#ffffff, #0e1012);
}
button,
a.main {
  margin-top: 1.25rem;
  border-color: transparent;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  color: #ffffff;
  background: light-dark(#1f5ed0, #2e6ae0);
  cursor: pointer;
}
a.other {
  text-align: center;
  text-decoration: none;
}
:focus-visible {
  outline: 2px solid light-dark(#1f5ed0, #7fabff);
  outline-offset: 2px;
}
.problem {
  margin: 0 0 0.5rem;
  color: light-dark(#a3121a, #ff8a92);
}
`
