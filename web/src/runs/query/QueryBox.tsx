/**
 * The one query: what is understood is marked while it is typed, what is wrong is underlined and told in the server's
 * words, and fields and values are offered at the caret. The text itself is an ordinary field over its marks.
 */
import { useQuery } from "@tanstack/react-query"
import { type KeyboardEvent, type Ref, useId, useRef, useState } from "react"
import { Listbox, optionId } from "../../ui/choice/Listbox.tsx"
import { type Choice, movedTo } from "../../ui/choice/options.ts"
import { cx } from "../../ui/cx.ts"
import { controlBox } from "../../ui/form/control-look.ts"
import { Icon } from "../../ui/Icon.tsx"
import { Kbd } from "../../ui/Kbd.tsx"
import type { AskedRuns } from "../list/asked.ts"
import { queryFieldsQuery } from "../questions.ts"
import { atCaret, completed, fieldChoices } from "./complete.ts"
import { problemsToSay } from "./mark.ts"
import { QueryMarks } from "./QueryMarks.tsx"
import { QueryProblems } from "./QueryProblems.tsx"
import { useChoices } from "./use-choices.ts"
import { useQueryDraft } from "./use-query-draft.ts"

interface QueryBoxProps {
  /** As it stands in the address. */
  readonly query: string
  readonly onQuery: (query: string, step: { replace: boolean }) => void
  /** All that is asked for: what values are counted among. */
  readonly asked: AskedRuns
  readonly ref?: Ref<HTMLInputElement>
}

const HINT = "Find runs: an id, words, status:failed wf:invoice_* dur:>30s"

export function QueryBox({ query, onQuery, asked, ref }: QueryBoxProps) {
  const list = useId()
  const draft = useQueryDraft(query, onQuery)
  const { text } = draft
  const [caret, setCaret] = useState<number | null>(null)
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const [scrollPx, setScrollPx] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const fields = useQuery(queryFieldsQuery()).data?.fields ?? []
  const here = atCaret(text, caret ?? text.length)
  const choices = useChoices(here, fields, asked, isOpen)
  const isShown = isOpen && choices.length > 0
  // What stands in the address was meant as it is; what runs ahead of it is still being typed.
  const said = problemsToSay(draft.problems, text, text.trim() === query ? null : caret)

  function change(next: string, nextCaret: number | null) {
    const typed = atCaret(next, nextCaret ?? next.length)
    const isBegun = typed.kind === "field" && typed.prefix !== "" && fieldChoices(fields, typed.prefix).length > 0
    draft.type(next, isBegun)
    setCaret(nextCaret)
    setActive(-1)
    setOpen(true)
  }

  function commit(next: string) {
    draft.commit(next)
    setOpen(false)
    setActive(-1)
  }

  function choose({ value }: Choice) {
    const put = completed(text, here, value)
    setActive(-1)
    setCaret(put.caret)
    setOpen(here.kind === "field")
    if (here.kind === "field") draft.type(put.text, true)
    else draft.commit(put.text)
    // The caret can stand where the new text ends only once that is there.
    requestAnimationFrame(() => input.current?.setSelectionRange(put.caret, put.caret))
  }

  function onKeyDown(event: KeyboardEvent) {
    const to = movedTo(event.key, isShown ? active : -1, choices.length)
    if (to !== undefined) {
      setOpen(true)
      setActive(to)
    } else if (event.key === "Enter") {
      const chosen = isShown ? choices[active] : undefined
      if (chosen === undefined) commit(text)
      else choose(chosen)
    } else if (event.key === "Escape") {
      if (isShown) setOpen(false)
      else if (text !== "") commit("")
      else input.current?.blur()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className="relative min-w-0 flex-1">
      <div className="group/query relative">
        <QueryMarks text={text} problems={said} scrollPx={scrollPx} />
        <Icon
          name="search"
          size={14}
          className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint"
        />
        <input
          ref={(node) => {
            input.current = node
            if (typeof ref === "function") ref(node)
            else if (ref) ref.current = node
          }}
          type="text"
          role="combobox"
          aria-label="Find runs"
          aria-keyshortcuts="/"
          aria-autocomplete="list"
          aria-expanded={isShown}
          aria-controls={isShown ? list : undefined}
          aria-activedescendant={isShown && active !== -1 ? optionId(list, active) : undefined}
          aria-invalid={said.length > 0 || undefined}
          aria-describedby={said.length > 0 ? `${list}-problems` : undefined}
          placeholder={HINT}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={1900}
          value={text}
          onChange={(event) => change(event.target.value, event.target.selectionStart)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onScroll={(event) => setScrollPx(event.currentTarget.scrollLeft)}
          onClick={() => setOpen(true)}
          onBlur={() => {
            setOpen(false)
            setCaret(null)
          }}
          onKeyDown={onKeyDown}
          className={cx(controlBox, "relative h-9 bg-transparent pr-9 pl-8 font-mono text-xs")}
        />
        {text === "" ? (
          <span
            aria-hidden="true"
            className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 group-focus-within/query:hidden"
          >
            <Kbd keys="/" />
          </span>
        ) : (
          <button
            type="button"
            aria-label="Clear the query"
            onClick={() => {
              commit("")
              input.current?.focus()
            }}
            className="absolute top-1/2 right-1.5 grid size-6 -translate-y-1/2 place-items-center rounded-sm text-faint hover:text-fg"
          >
            <Icon name="cross" size={12} />
          </button>
        )}
      </div>
      {isShown && (
        <div className="absolute top-full left-0 z-30 mt-1 flex max-h-80 w-full max-w-lg animate-appear flex-col rounded-md bg-raised shadow-popover">
          <Listbox
            id={list}
            label={here.kind === "field" ? "Fields" : `Values of ${here.field}`}
            choices={choices}
            selected={none}
            active={active}
            onActive={setActive}
            onPress={choose}
            className="min-h-0 overflow-y-auto p-1"
          />
          <p aria-hidden="true" className="flex flex-wrap gap-x-3 border-t px-3 py-1.5 text-2xs text-faint">
            <span>a comma is any, a minus is not</span>
            <span className="max-sm:hidden">
              <Kbd keys="ArrowDown" /> choose
            </span>
            <span className="max-sm:hidden">
              <Kbd keys="Enter" /> find
            </span>
          </p>
        </div>
      )}
      {!isShown && <QueryProblems id={`${list}-problems`} text={text} problems={said} onMend={commit} />}
    </div>
  )
}

const none: ReadonlySet<string> = new Set()
