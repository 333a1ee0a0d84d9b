import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { asProblem } from "../api/problem";
import { saveFile } from "../api/saving";
import { currentSession } from "../auth/current";
import { toast } from "./Toasts";

/** A file to keep. Where the API asks for a token, which no link can carry, the page fetches it. */
export function FileLink({ href, children }: { href: string; children: ReactNode }) {
  const save = useMutation({
    mutationFn: () => saveFile(href),
    onError: (error) => toast(asProblem(error).message),
  });
  if (currentSession() === null || !href.startsWith("/")) return <a href={href}>{children}</a>;
  return (
    <button type="button" className="link" disabled={save.isPending} onClick={() => save.mutate()}>
      {children}
    </button>
  );
}
