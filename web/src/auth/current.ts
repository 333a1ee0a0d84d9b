/** The session of this page; null where nobody signs in, as with `packshot serve`. */
import type { Config } from "../lib/config";
import { Session } from "./session";

let session: Session | null = null;

export function currentSession(): Session | null {
  return session;
}

export function openSession({ sign_in }: Config): Session | null {
  const around = {
    fetch: window.fetch.bind(window),
    storage: window.sessionStorage,
    now: Date.now,
    site: `${window.location.origin}/`,
  };
  session = sign_in && new Session(sign_in, around);
  return session;
}

/** Goes to the sign-in page, and afterwards back to this view. */
export async function goToSignIn(): Promise<void> {
  if (session) window.location.assign(await session.begin(window.location.hash));
}

export function goToSignOut(): void {
  if (session) window.location.assign(session.signOut());
}
