import { singleKeys } from "../keys/keys.ts"
import { useShownKeys } from "../keys/use-keys.ts"
import { usePreference } from "../prefs/preference.ts"
import { Kbd } from "../ui/Kbd.tsx"
import { Layer } from "./Layer.tsx"

/** What the keyboard does now, by who offers it; and the choice to have chords only. */
export default function KeySheet({ onClose }: { onClose: () => void }) {
  const groups = useShownKeys()
  const [areOn, setOn] = usePreference(singleKeys)
  return (
    <Layer label="Keys" onClose={onClose}>
      <div className="max-h-[70vh] overflow-y-auto p-4">
        <h2 className="text-base font-semibold">Keys</h2>
        <label className="mt-2 flex items-center gap-2">
          <input type="checkbox" checked={areOn} onChange={(event) => setOn(event.target.checked)} />
          Single keys act; without them only those with Ctrl or ⌘ do
        </label>
        <div className="mt-4 grid gap-x-8 gap-y-4 sm:grid-cols-2">
          {groups.map(({ title, keys }) => (
            <section key={title}>
              <h3 className="font-semibold text-muted">{title}</h3>
              <dl className="mt-1">
                {keys.map((one) => (
                  <div key={one.keys} className="flex items-baseline justify-between gap-4 py-0.5">
                    <dt>{one.label}</dt>
                    <dd className="shrink-0">
                      <Kbd keys={one.keys} />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </Layer>
  )
}
