import { Icon } from "../../ui/Icon.tsx"
import { Kbd } from "../../ui/Kbd.tsx"
import { newsWords } from "../list/news-words.ts"
import type { RunListData } from "../list/run-list.ts"

/** Floats over the head of the rows and moves none of them: what came meanwhile, shown when it is pressed. */
export function NewRuns({ data, onShow }: { data: RunListData; onShow: () => void }) {
  const words = newsWords(data)
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-10 z-20 flex justify-center">
      {words !== null && (
        <button
          type="button"
          onClick={onShow}
          aria-keyshortcuts="n"
          className="pointer-events-auto inline-flex h-7 animate-appear items-center gap-1.5 rounded-full bg-accent-fill px-3 text-xs font-medium text-on-fill shadow-popover hover:bg-accent-fill-hover"
        >
          <Icon name="arrow-up" size={12} />
          {words}
          <span aria-hidden="true" className="hidden md:inline-flex">
            <Kbd keys="n" />
          </span>
        </button>
      )}
    </div>
  )
}
