import type { ReactNode } from "react";
import type { ImageDetail } from "../api/schema";
import { bytes, fileName, milliseconds, plain, share } from "../lib/format";
import { METHODS } from "../lib/words";

/** Measured facts: the photo, how it was placed, what was changed, and the files. */
export function Facts({ image }: { image: ImageDetail }) {
  const { alignment, product } = image;
  const changes = Object.entries(image.enhancements);
  const time = Object.values(image.timings_ms).reduce((sum, ms) => sum + ms, 0);
  return (
    <>
      <section>
        <h2>Photo</h2>
        <dl className="pairs">
          <Pair name="File">
            {image.links.source ? (
              <a href={image.links.source}>{fileName(image.source)}</a>
            ) : (
              fileName(image.source)
            )}
          </Pair>
          <Pair name="Product group">{image.product_group_id}</Pair>
          {image.source_size && (
            <Pair name="Size">
              {image.source_size[0]} × {image.source_size[1]} px
              {image.source_bytes !== null && `, ${bytes(image.source_bytes)}`}
            </Pair>
          )}
          {product && <Pair name="Product found">{share(product.confidence)} sure</Pair>}
          {alignment && (
            <Pair name="Placed">
              {METHODS[alignment.method] ?? plain(alignment.method)}, turned{" "}
              {alignment.rotation_deg.toFixed(1)}°, {alignment.scale.toFixed(2)} ×
              {alignment.enlarged && " (enlarged)"}
            </Pair>
          )}
          {image.reference !== null && <Pair name="Reference">{image.reference}</Pair>}
          {image.status === "completed" && (
            <Pair name="Changed">
              {changes.length === 0
                ? "nothing needed it"
                : changes.map(([name, amount]) => `${plain(name)} ${share(Math.min(amount, 1))}`).join(", ")}
            </Pair>
          )}
          {time > 0 && <Pair name="Took">{milliseconds(time)}</Pair>}
          <Pair name="Made by">
            <span title={`${image.versions.model}, preset ${image.versions.preset}`}>
              Packshot {image.versions.packshot}
            </span>
          </Pair>
        </dl>
      </section>
      {image.renditions.length > 0 && (
        <section>
          <h2>Files</h2>
          <table className="files">
            <tbody>
              {image.renditions.map((file) => (
                <tr key={file.name}>
                  <th scope="row">
                    <a href={file.link} target="_blank" rel="noreferrer">
                      {file.name}
                    </a>
                  </th>
                  <td>{file.format}</td>
                  <td className="number">
                    {file.width} × {file.height}
                  </td>
                  <td className="number">{bytes(file.bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
