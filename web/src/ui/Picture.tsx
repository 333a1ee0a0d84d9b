import { useState } from "react";
import { Icon } from "./Icon";
import "./picture.css";

interface Props {
  src: string | null;
  alt: string;
  eager?: boolean;
}

/**
 * A picture in a frame of its own that keeps its place while it comes, and says so when it doesn't.
 *
 * All pictures are asked for alike, without credentials for other hosts: some are looked into pixel by pixel,
 * and a browser takes no copy for that which it has fetched for looking at only.
 */
export function Picture({ src, alt, eager = false }: Props) {
  const [failed, setFailed] = useState<string | null>(null);
  if (src === null || failed === src) {
    return (
      <div className="picture none" role="img" aria-label={alt || "No picture"}>
        <Icon name="photos" />
      </div>
    );
  }
  return (
    <div className="picture">
      <img
        src={src}
        crossOrigin="anonymous"
        alt={alt}
        loading={eager ? "eager" : "lazy"}
        decoding="async"
        draggable={false}
        onError={() => setFailed(src)}
      />
    </div>
  );
}
