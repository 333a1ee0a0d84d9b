import { useQuery } from "@tanstack/react-query";
import { aboutQuery } from "../api/queries";
import { currentSession, goToSignOut } from "../auth/current";
import { Icon } from "./Icon";

/** Who has signed in, and the way out. Where nobody signs in there is nothing to show. */
export function Account() {
  const caller = useQuery({ ...aboutQuery, enabled: currentSession() !== null }).data?.caller;
  if (currentSession() === null) return null;
  return (
    <>
      {caller && (
        <span className="soft small words" title={caller.roles.at(-1)}>
          {caller.name}
        </span>
      )}
      <button
        type="button"
        className="button plain"
        onClick={goToSignOut}
        aria-label="Sign out"
        title="Sign out"
      >
        <Icon name="leave" />
        <span className="words">Sign out</span>
      </button>
    </>
  );
}
