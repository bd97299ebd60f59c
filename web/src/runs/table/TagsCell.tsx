/**
 * A run's tags; the table's owner hears a press on one by its `data-tag`, so that no row needs a handler of its own.
 * As many as there is room for are seen, none of them cut, and all are heard.
 */
export function TagsCell({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return <span className="text-faint">–</span>
  return (
    <span className="flex h-5 flex-wrap gap-x-1 gap-y-2 overflow-hidden" title={tags.join(", ")}>
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          tabIndex={-1}
          data-tag={tag}
          aria-label={`Only runs with the tag ${tag}`}
          className="h-5 max-w-full shrink-0 truncate rounded-sm border border-line-strong bg-surface px-1.5 text-2xs hover:border-line-control hover:text-accent"
        >
          {tag}
        </button>
      ))}
    </span>
  )
}
