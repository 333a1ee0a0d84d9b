import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { imagesQuery } from "../../api/queries";
import type { BatchView, ReasonWord } from "../../api/schema";
import { type ImageFilters, isEmpty } from "../../lib/filters";
import { Empty, Fault, Loading } from "../../ui/states";
import { Card } from "./Card";

interface Props {
  batch: BatchView;
  filters: ImageFilters;
  reasons: readonly ReasonWord[];
  /** What is wrong is said already: the batch itself can't be read either. */
  quiet: boolean;
}

/** The grid of results; more of them come when its end is near. */
export function Images({ batch, filters, reasons, quiet }: Props) {
  const query = useInfiniteQuery(imagesQuery(batch.batch_id, filters));
  const { data, error, isPending, hasNextPage, isFetching, fetchNextPage, refetch } = query;
  useFresh(batch, () => void refetch());
  const end = useNear(hasNextPage && !isFetching && !error, () => void fetchNextPage());
  const images = data?.pages.flatMap((page) => page.items) ?? [];
  if (isPending) return <Loading what="images" />;
  return (
    <section aria-label="Images">
      {error && !quiet && <Fault error={error} retry={() => void refetch()} />}
      {data && !error && images.length === 0 && !hasNextPage && <None filters={filters} />}
      <ul className="cards">
        {images.map((image) => (
          <Card key={image.image_id} image={image} filters={filters} reasons={reasons} />
        ))}
      </ul>
      <div ref={end} className="end">
        {hasNextPage && (
          <button type="button" className="button" disabled={isFetching} onClick={() => void fetchNextPage()}>
            {isFetching ? "Loading…" : "More images"}
          </button>
        )}
      </div>
    </section>
  );
}

function None({ filters }: { filters: ImageFilters }) {
  if (isEmpty(filters)) {
    return (
      <Empty icon="photos" title="No images yet">
        <p>They appear here as soon as the first ones are finished.</p>
      </Empty>
    );
  }
  return (
    <Empty icon="photos" title="No image fits these filters">
      <p>Take one of them away to see more.</p>
    </Empty>
  );
}

/** Reads the images again when the batch's counts have changed, at most every other second. */
function useFresh(batch: BatchView, refetch: () => void): void {
  const counts = JSON.stringify(batch.counts);
  const seen = useRef(counts);
  const latest = useRef(refetch);
  useEffect(() => {
    latest.current = refetch;
  });
  useEffect(() => {
    const timer = setInterval(() => {
      if (seen.current === counts) return;
      seen.current = counts;
      latest.current();
    }, 1500);
    return () => clearInterval(timer);
  }, [counts]);
}

/**
 * Calls when the end of the list is near the window and there is more to come. It looks anew each time that more
 * can come: a page that is short may leave the end where it was.
 */
function useNear(ready: boolean, call: () => void) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(call);
  useEffect(() => {
    latest.current = call;
  });
  useEffect(() => {
    const element = end.current;
    if (!ready || !element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) latest.current();
      },
      { rootMargin: "600px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [ready]);
  return end;
}
