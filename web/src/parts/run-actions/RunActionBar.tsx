import type { Action } from "@waybill/contract"
import { Button } from "../../ui/Button.tsx"
import { IconButton } from "../../ui/IconButton.tsx"
import { Menu } from "../../ui/overlay/Menu.tsx"
import { type Act, type ActName, actLook, offered, refusal } from "./acts.ts"

type RunActionBarProps = {
  readonly actions: readonly Action[]
  readonly onAct: (act: Act) => void
  /** In one menu: where there is no room. */
  readonly compact?: boolean
}

/** Behind one button with the rest: what is rarely wanted and never by mistake. */
const rare: readonly ActName[] = ["retry-now", "signal"]

/** What can be done to this run. What is refused stays where it is and says why. */
export function RunActionBar({ actions, onAct, compact = false }: RunActionBarProps) {
  const names = offered(actions)
  const inMenu = compact ? names : names.filter((name) => rare.includes(name))
  return (
    <>
      {names
        .filter((name) => !inMenu.includes(name))
        .map((name) => (
          <Button
            key={name}
            icon={actLook[name].icon}
            keys={keyOf(name)}
            look={name === "cancel" ? "danger" : "plain"}
            disabledReason={refusal(actions, name)}
            onClick={() => onAct({ name })}
          >
            {actLook[name].label}
          </Button>
        ))}
      <Menu
        label="More actions"
        trigger={<IconButton icon="dots" label={compact ? "Actions" : "More actions"} look="plain" />}
        groups={[
          {
            items: inMenu.map((name) => ({
              label: actLook[name].about,
              icon: actLook[name].icon,
              keys: keyOf(name),
              disabledReason: refusal(actions, name),
              onSelect: () => onAct({ name }),
              ...(name === "cancel" && { tone: "danger" as const }),
            })),
          },
        ]}
      />
    </>
  )
}

function keyOf(name: ActName): string | undefined {
  const look = actLook[name]
  return "key" in look ? look.key : undefined
}
