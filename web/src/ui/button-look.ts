import { cx } from "./cx.ts"

export type ButtonLook = "primary" | "plain" | "quiet" | "danger" | "danger-fill"
export type ButtonSize = "sm" | "md" | "lg"

const base =
  "inline-flex shrink-0 items-center justify-center rounded-sm border font-medium whitespace-nowrap select-none transition-colors duration-75 aria-disabled:cursor-not-allowed aria-disabled:not-aria-busy:border-line aria-disabled:not-aria-busy:bg-transparent aria-disabled:not-aria-busy:text-faint"

const looks = {
  primary: "border-transparent bg-accent-fill text-on-fill not-aria-disabled:hover:bg-accent-fill-hover",
  plain: "border-line-strong bg-surface text-fg not-aria-disabled:hover:bg-hover",
  quiet:
    "border-transparent text-muted not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-fg aria-disabled:not-aria-busy:border-transparent",
  danger: "border-line-strong bg-surface text-danger not-aria-disabled:hover:tint-failed",
  "danger-fill": "border-transparent bg-danger-fill text-on-fill not-aria-disabled:hover:bg-danger-fill-hover",
} as const satisfies Record<ButtonLook, string>

/** 24, 28 and 36 px high; the last for forms and for the one button of a dialog. */
const sizes = {
  sm: "h-6 gap-1 px-2 text-xs",
  md: "h-7 gap-1.5 px-2.5 text-sm",
  lg: "h-9 gap-2 px-3.5 text-sm",
} as const satisfies Record<ButtonSize, string>

const squares = { sm: "size-6", md: "size-7", lg: "size-9" } as const satisfies Record<ButtonSize, string>

/** The classes of a button, for what is one to the eye and a link to the rest: `<Link className={buttonLook()}>`. */
export function buttonLook(options: { look?: ButtonLook; size?: ButtonSize; square?: boolean } = {}): string {
  const { look = "plain", size = "md", square = false } = options
  return cx(base, looks[look], square ? squares[size] : sizes[size])
}

/** The classes of a link inside text and tables. */
export const linkLook = "rounded-xs text-accent underline-offset-2 hover:underline"
