/** Light, dark, or as the system has it. `app/theme-before-paint.js` reads the same key before the first paint. */
import { preference } from "./preference.ts"

export const themes = ["system", "light", "dark"] as const
export type Theme = (typeof themes)[number]

export const theme = preference<Theme>("theme", (stored) => themes.find((one) => one === stored) ?? "system")

/** Puts the choice on the document, now and whenever it changes. */
export function applyTheme(root: HTMLElement): void {
  const apply = () => {
    const chosen = theme.get()
    if (chosen === "system") delete root.dataset.theme
    else root.dataset.theme = chosen
  }
  theme.subscribe(apply)
  apply()
}
