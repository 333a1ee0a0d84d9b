import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useMay } from "../api/may";
import { waitingQuery } from "../api/queries";
import { href, useRoute } from "../lib/router";
import { Account } from "./Account";
import { Icon } from "./Icon";
import { ThemeButton } from "./Theme";
import { Toasts } from "./Toasts";

const PLACES = [
  { parts: [] as string[], words: "Batches", also: ["batches"] },
  { parts: ["new"], words: "New batch", also: ["new"], operates: true },
  { parts: ["review"], words: "Review", also: ["review"] },
  { parts: ["overview"], words: "Overview", also: ["overview"] },
];

/** What stands around every view. */
export function Frame({ wide, children }: { wide: boolean; children: ReactNode }) {
  const { parts } = useRoute();
  const place = parts.join("/");
  const operates = useMay("operator");
  useEffect(() => {
    window.scrollTo(0, 0);
    return place === "" ? undefined : beginAtHeading();
  }, [place]);
  return (
    <>
      <button type="button" className="skip button" onClick={() => document.querySelector("main")?.focus()}>
        Skip to the content
      </button>
      <header className="top">
        <a className="brand" href={href([])} aria-label="Packshot: all batches">
          <Icon name="mark" />
          <span>Packshot</span>
        </a>
        <nav aria-label="Views">
          {PLACES.filter((one) => operates || !one.operates).map(({ parts: to, words, also }) => {
            const here = parts.length === 0 ? to.length === 0 : also.includes(parts[0] ?? "");
            return (
              <a key={words} href={href(to)} aria-current={here ? "page" : undefined}>
                {words}
                {words === "Review" && <Waiting />}
              </a>
            );
          })}
        </nav>
        <div className="tools">
          <Account />
          <ThemeButton />
        </div>
      </header>
      <main className={wide ? "wide" : ""} tabIndex={-1}>
        {children}
      </main>
      <Toasts />
    </>
  );
}

/**
 * Whoever works without a mouse or a screen begins anew at the view's heading. A view that loads has none yet, so
 * it is waited for; whoever has gone somewhere else meanwhile stays there. The answer ends the waiting.
 */
function beginAtHeading(): () => void {
  const from = document.activeElement;
  const begin = (): void => {
    const heading = document.querySelector<HTMLElement>("main h1");
    if (!heading) return;
    waiting.disconnect();
    const now = document.activeElement;
    if (now === from || now === document.body) heading.focus({ preventScroll: true });
  };
  const waiting = new MutationObserver(begin);
  const main = document.querySelector("main");
  if (main) waiting.observe(main, { childList: true, subtree: true });
  begin();
  return () => waiting.disconnect();
}

/** How many images wait for a person. */
function Waiting() {
  const { data } = useQuery(waitingQuery);
  if (!data?.count) return null;
  return (
    <span className="count">
      {data.more ? `${data.count}+` : data.count}
      <span className="aside"> waiting</span>
    </span>
  );
}
