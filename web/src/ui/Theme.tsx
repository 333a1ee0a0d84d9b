import { useEffect } from "react";
import { stored } from "../lib/store";
import { Icon, type IconName } from "./Icon";

const THEMES = ["auto", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const theme = stored<Theme>("theme", "auto", (value): value is Theme => THEMES.includes(value as Theme));
const ICONS: Record<Theme, IconName> = { auto: "auto", light: "sun", dark: "moon" };

/** Light, dark, or as the system says. */
export function ThemeButton() {
  const now = theme.use();
  useEffect(() => {
    if (now === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = now;
  }, [now]);
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length] ?? "auto";
  return (
    <button
      type="button"
      className="button plain"
      onClick={() => theme.set(next)}
      aria-label={`Colours: ${now}. Change to ${next}`}
      title={`Colours: ${now}`}
    >
      <Icon name={ICONS[now]} />
    </button>
  );
}
