import { type ReactNode, useState } from "react";
import { Icon } from "../ui/Icon";
import { useTitle } from "../ui/useTitle";
import { goToSignIn } from "./current";

/** The way to the sign-in page; `fault` says why the last try did not work. */
export function SignInPanel({
  title,
  fault,
  mark = false,
  children,
}: {
  title: string;
  mark?: boolean;
  fault?: string | null;
  children?: ReactNode;
}) {
  const [going, setGoing] = useState(false);
  const [blocked, setBlocked] = useState<string | null>(null);
  const go = (): void => {
    setGoing(true);
    goToSignIn().catch((error: unknown) => {
      setGoing(false);
      setBlocked(`The browser lets this page keep nothing while you sign in: ${error}`);
    });
  };
  const why = blocked ?? fault;
  return (
    <section className="panel stack signin" role={why ? "alert" : undefined}>
      {mark && <Icon name="mark" />}
      <h1 tabIndex={-1}>{title}</h1>
      {why && <p className="notice is-failed">{why}</p>}
      {children}
      <div className="row">
        <button type="button" className="button main large" disabled={going} onClick={go}>
          {going ? "Going to the sign-in page…" : "Sign in"}
        </button>
      </div>
    </section>
  );
}

/** What is shown before anybody has signed in. */
export function SignInView({ fault }: { fault: string | null }) {
  useTitle("Sign in");
  return (
    <main className="entrance" tabIndex={-1}>
      <SignInPanel title="Packshot" mark fault={fault}>
        <p className="soft">
          Product photos become a uniform catalogue: found, aligned, cut out, cleaned, compressed and scored.
        </p>
      </SignInPanel>
    </main>
  );
}
