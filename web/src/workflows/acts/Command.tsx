import { copyText } from "../../ui/copy-text.ts"
import { IconButton } from "../../ui/IconButton.tsx"

/** Lines for a terminal or a file, to be copied. */
export function Command({ text, what }: { text: string; what: string }) {
  return (
    <div className="flex items-start gap-1 rounded-md border bg-sunken p-2">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <pre tabIndex={0} className="min-w-0 flex-1 overflow-x-auto text-fg">
        {text}
      </pre>
      <IconButton icon="copy" label={`Copy ${what}`} size="sm" onClick={() => void copyText(text, what)} />
    </div>
  )
}
