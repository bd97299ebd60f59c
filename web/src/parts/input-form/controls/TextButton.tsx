import type { ComponentProps } from "react"

/** A small act beside a name, as quiet as a hint. */
export function TextButton({ children, ...rest }: Omit<ComponentProps<"button">, "type" | "className">) {
  return (
    <button
      type="button"
      className="min-h-6 rounded-xs text-xs text-muted underline decoration-line-control underline-offset-2 hover:text-fg"
      {...rest}
    >
      {children}
    </button>
  )
}
