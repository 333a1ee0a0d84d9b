/** Files of the API that people keep: a link can't carry a token, so they are fetched and handed over. */
import { fetchApi, jsonOf } from "./fetching";
import { problemOf } from "./problem";

/** Fetches a file and has the browser save it, under the name that the server gives it. */
export async function saveFile(link: string): Promise<void> {
  const response = await fetchApi(link, { headers: new Headers() });
  if (!response.ok) throw problemOf(response.status, await jsonOf(response));
  const address = URL.createObjectURL(await response.blob());
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = fileNameOf(response.headers.get("Content-Disposition"), link);
  anchor.click();
  URL.revokeObjectURL(address);
}

/** `attachment; filename="batch-1.csv"`; else what the address ends with. */
export function fileNameOf(disposition: string | null, link: string): string {
  const named = /filename="([^"\\/]+)"/.exec(disposition ?? "")?.[1];
  return named ?? new URL(link, "https://packshot.invalid").pathname.split("/").pop() ?? "";
}
