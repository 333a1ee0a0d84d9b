import { useEffect, useRef } from "react";
import type { ImageSummary } from "../../api/schema";
import { type Choice, keyOf } from "../../lib/queue";
import { Picture } from "../../ui/Picture";

interface Props {
  items: readonly ImageSummary[];
  now: ImageSummary;
  onChoose: (choice: Choice) => void;
}

/** The queue as a strip of small pictures. */
export function Film({ items, now, onChoose }: Props) {
  const strip = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the strip follows the image
  useEffect(() => {
    strip.current
      ?.querySelector("[aria-current=true]")
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [keyOf(now)]);
  return (
    <nav className="film" ref={strip} aria-label="Queue">
      {items.map((one) => (
        <button
          type="button"
          key={keyOf(one)}
          aria-current={keyOf(one) === keyOf(now)}
          aria-label={`${one.sku_id} ${one.image_type}`}
          onClick={() => onChoose(one)}
        >
          <Picture src={one.links.after_small ?? one.links.before_small} alt="" />
        </button>
      ))}
    </nav>
  );
}
