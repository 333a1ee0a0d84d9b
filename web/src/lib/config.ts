/** What the page is told by the server that it comes from: on AWS, where to sign in; locally, nothing. */

/** The sign-in page, and this page as its client. */
export interface SignIn {
  /** Who tokens are from. */
  issuer: string;
  /** Address of the sign-in page, without an ending slash. */
  address: string;
  client_id: string;
  /** What is asked for, separated by spaces. */
  scope: string;
}

export interface Config {
  sign_in: SignIn | null;
}

/** Reads config.json, which lies beside the page. Throws when it is not there or not what it should be. */
export async function readConfig(fetcher: typeof fetch): Promise<Config> {
  const answer = await fetcher("/config.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`config.json: status ${answer.status}`);
  const found: unknown = await answer.json();
  if (!isConfig(found)) throw new Error("config.json is not what this page reads");
  return found;
}

function isConfig(found: unknown): found is Config {
  if (typeof found !== "object" || found === null || !("sign_in" in found)) return false;
  const given = found.sign_in;
  if (given === null) return true;
  return (
    typeof given === "object" &&
    ["issuer", "address", "client_id", "scope"].every(
      (name) => typeof (given as Record<string, unknown>)[name] === "string",
    )
  );
}
