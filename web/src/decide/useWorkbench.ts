import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { changedImage } from "../api/actions";
import { aboutQuery, imageQuery, presetsQuery } from "../api/queries";
import type { ImageDetail, ReviewRequest } from "../api/schema";
import type { Focus } from "../lib/marks";
import { keyOf } from "../lib/queue";
import { toast } from "../ui/Toasts";
import { signed } from "./reviewer";
import { useDecide } from "./useDecide";

type Action = ReviewRequest["action"];

const DONE: Record<Action, string> = { approve: "Approved", reject: "Rejected", undo: "Taken back" };

/** What Compare and Review share: one image, what is pointed out on it, and decisions on it. */
export function useWorkbench(batchId: string | null, imageId: string | null) {
  const client = useQueryClient();
  const about = useQuery(aboutQuery);
  const presets = useQuery(presetsQuery);
  const { data, error, refetch } = useQuery({
    ...imageQuery(batchId ?? "", imageId ?? ""),
    enabled: batchId !== null && imageId !== null,
  });
  const [focus, setFocus] = useState<Focus | null>(null);
  const [dialog, setDialog] = useState<"reject" | "correct" | "help" | "bulk" | null>(null);
  const deciding = useDecide();
  const image = data?.image_id === imageId ? data : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was pointed out belongs to one image
  useEffect(() => setFocus(firstFailure(image)), [image && keyOf(image), image?.revision]);
  const [name, version] = image?.versions.preset.split("@") ?? [];
  const preset = presets.data?.items.find((one) => one.name === name && one.version === version);

  const act = async (
    action: Action,
    said: { reason?: string; notes?: string } = {},
  ): Promise<ImageDetail | null> => {
    if (!image || deciding.busy) return null;
    const body = { action, reason: said.reason, notes: said.notes || undefined, ...signed() };
    const decided = await deciding.decide({ image, body });
    if (decided) toast(`${DONE[action]}: ${decided.sku_id || decided.image_id}`);
    return decided;
  };
  const reworked = (): void => {
    setDialog(null);
    if (!image) return;
    changedImage(client, image.batch_id, image.image_id);
    void client.invalidateQueries({ queryKey: ["pending"] });
    toast("Made again with what you set");
  };
  return {
    image,
    preset,
    error,
    refetch,
    reasons: about.data?.reasons ?? [],
    focus,
    setFocus,
    dialog,
    setDialog,
    deciding,
    act,
    reworked,
  };
}

/** The first required rule that fails is drawn without being asked for. */
function firstFailure(image: ImageDetail | undefined): Focus | null {
  const rule = image?.compliance.find((one) => !one.passed && one.level === "required");
  return rule ? { kind: "rule", name: rule.rule } : null;
}
