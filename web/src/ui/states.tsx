/** What a view shows when there is nothing, not yet anything, or something wrong. */
import type { FormEvent, ReactNode } from "react";
import { asProblem } from "../api/problem";
import { entrance, tokenIn } from "../api/session";
import { currentSession } from "../auth/current";
import { SignInPanel } from "../auth/SignIn";
import { Icon, type IconName } from "./Icon";

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Loading({ what, rows = 3 }: { what: string; rows?: number }) {
  return (
    <div className="stack" role="status" aria-label={`Loading ${what}`}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no names and never change places
        <div className="bone" key={row} style={{ height: "5rem" }} />
      ))}
    </div>
  );
}

/** An error in the server's words, and what can be done about it. */
export function Fault({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = asProblem(error);
  if (problem.unauthorised) return currentSession() ? <SignedOut /> : <SignIn />;
  return (
    <div className="notice is-failed" role="alert">
      <p>
        {problem.message} <code>{problem.code}</code>
        {problem.forbidden && " Whoever looks after this Packshot can give you a role that may."}
      </p>
      {retry && (
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** A view's own thing can't be read; where there is none of that name, the way back is shown. */
export function Unreadable({ error, retry, back }: { error: unknown; retry: () => void; back: Back }) {
  const problem = asProblem(error);
  if (problem.status !== 404) return <Fault error={error} retry={retry} />;
  return (
    <Empty icon="help" title={problem.message}>
      <a className="button" href={back.href}>
        {back.words}
      </a>
    </Empty>
  );
}

interface Back {
  href: string;
  words: string;
}

/** The session has ended, or was ended elsewhere. */
function SignedOut() {
  return (
    <SignInPanel title="Your session has ended">
      <p className="soft">Sign in again, and you come back to this view. Nothing that was sent is lost.</p>
    </SignInPanel>
  );
}

/** The server knows this browser not, or not any more. */
function SignIn() {
  const enter = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = tokenIn(String(new FormData(event.currentTarget).get("token") ?? ""));
    if (token) window.location.assign(entrance(token));
  };
  return (
    <form onSubmit={enter} className="panel stack" role="alert">
      <h2>Open the link that packshot serve has printed</h2>
      <p className="soft">
        It holds a token that lets only you in. It changes with every start of the server; paste the link, or
        the token alone, here.
      </p>
      <div className="row">
        <label className="field" style={{ flex: 1 }}>
          <span>Link or token</span>
          <input className="input" name="token" autoComplete="off" required />
        </label>
        <button type="submit" className="button main" style={{ alignSelf: "end" }}>
          Enter
        </button>
      </div>
    </form>
  );
}
