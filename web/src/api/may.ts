/** What whoever uses the page may do. The server judges each request itself; this spares people a refusal. */
import { useQuery } from "@tanstack/react-query";
import type { KeyBinding } from "../lib/keys";
import { aboutQuery } from "./queries";
import type { Role } from "./schema";

/** True unless it is known that they may not. */
export function may(roles: readonly Role[] | undefined, role: Role | undefined): boolean {
  return roles === undefined || role === undefined || roles.includes(role);
}

function useRoles(): readonly Role[] | undefined {
  return useQuery(aboutQuery).data?.caller.roles;
}

export function useMay(role: Role): boolean {
  return may(useRoles(), role);
}

/** The keys of a view that do something for them. */
export function useAllowed<Action extends string>(keys: KeyBinding<Action>[]): KeyBinding<Action>[] {
  const roles = useRoles();
  return keys.filter((one) => may(roles, one.role));
}
