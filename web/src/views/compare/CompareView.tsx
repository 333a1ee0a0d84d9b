import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useAllowed } from "../../api/may";
import { imagesQuery } from "../../api/queries";
import { Buttons } from "../../decide/Buttons";
import { Conflict } from "../../decide/Conflict";
import { CorrectDialog } from "../../decide/CorrectDialog";
import { RejectDialog } from "../../decide/RejectDialog";
import { useWorkbench } from "../../decide/useWorkbench";
import { Inspector } from "../../inspect/Inspector";
import { filtersOf, queryOf } from "../../lib/filters";
import { useKeys } from "../../lib/keys";
import { stepped } from "../../lib/queue";
import { href, navigate, useRoute } from "../../lib/router";
import { Stage } from "../../stage/Stage";
import { useStage } from "../../stage/useStage";
import { Icon } from "../../ui/Icon";
import { KeyHelp } from "../../ui/KeyHelp";
import { Fault, Loading, Unreadable } from "../../ui/states";
import { useTitle } from "../../ui/useTitle";
import { KEYS } from "./keys";
import "../workbench.css";

interface Props {
  batchId: string;
  imageId: string;
}

/** So many images before the end of what is known of the list, more of it is asked for. */
const NEAR = 10;

/** One image: before and after, and everything that was measured. */
export default function CompareView({ batchId, imageId }: Props) {
  const { query } = useRoute();
  const bench = useWorkbench(batchId, imageId);
  const stage = useStage();
  const keys = useAllowed(KEYS);
  const { image, setDialog, act } = bench;
  useTitle(image ? `${image.sku_id} ${image.image_type}` : "Image");
  const filters = filtersOf(query, [query.get("reason") ?? ""]);
  const images = useInfiniteQuery(imagesQuery(batchId, filters));
  const { hasNextPage, isFetching, fetchNextPage } = images;
  const list = images.data?.pages.flatMap((page) => page.items) ?? [];
  const at = list.findIndex((one) => one.image_id === imageId);
  const was = useRef(at);
  if (at >= 0) was.current = at;
  const wanted = at >= list.length - NEAR && hasNextPage && !isFetching && !images.error;
  useEffect(() => {
    if (wanted) void fetchNextPage();
  }, [wanted, fetchNextPage]);
  const back = href(["batches", batchId], queryOf(filters));
  const beside = (by: 1 | -1) => stepped(list, at, was.current, by);
  const go = (by: 1 | -1): void => {
    const to = beside(by);
    if (to) navigate(href(["batches", batchId, "images", to.image_id], queryOf(filters)), true);
  };
  useKeys(keys, (key) => {
    if (key === "next") go(1);
    if (key === "back") go(-1);
    if (key === "approve") void act("approve");
    if (key === "undo") void act("undo");
    if (key === "zoom") stage.toggleZoom();
    if (key === "layout") {
      const next = { slider: "side", side: "blink", blink: "slider" } as const;
      stage.setLayout(next[stage.layout]);
    }
    if (key === "grid") navigate(back);
    if (key === "help") setDialog("help");
    if (image && key === "reject") setDialog("reject");
    if (image && key === "correct") setDialog("correct");
  });
  if (bench.error && !image) {
    return (
      <Unreadable
        error={bench.error}
        retry={() => void bench.refetch()}
        back={{ href: back, words: "To the batch" }}
      />
    );
  }
  return (
    <div className="workbench">
      <div className="strip">
        <a href={back} className="button plain" aria-label="Batch">
          <Icon name="left" /> <span className="wide">Batch</span>
        </a>
        <h1 tabIndex={-1}>
          {image ? image.sku_id || `Row ${image.line}` : "…"}
          {image && <span className="soft"> {image.image_type}</span>}
        </h1>
        <div className="push row">
          {at >= 0 && (
            <span className="soft small">
              {at + 1} of {list.length}
              {hasNextPage && "+"}
            </span>
          )}
          <button
            type="button"
            className="button"
            disabled={!beside(-1)}
            onClick={() => go(-1)}
            aria-label="Previous image"
          >
            <Icon name="left" />
          </button>
          <button
            type="button"
            className="button"
            disabled={!beside(1)}
            onClick={() => go(1)}
            aria-label="Next image"
          >
            <Icon name="right" />
          </button>
          <button
            type="button"
            className="button plain keys"
            onClick={() => setDialog("help")}
            aria-label="Keys"
          >
            <Icon name="help" />
          </button>
        </div>
      </div>
      {bench.deciding.conflict && <Conflict image={bench.deciding.conflict} onClose={bench.deciding.clear} />}
      {bench.deciding.error !== null && <Fault error={bench.deciding.error} />}
      {image ? (
        <div className="bench">
          <Stage image={image} preset={bench.preset} stage={stage} focus={bench.focus} />
          <Inspector image={image} reasons={bench.reasons} focus={bench.focus} onFocus={bench.setFocus}>
            <Buttons
              image={image}
              busy={bench.deciding.busy}
              onApprove={() => void act("approve")}
              onReject={() => setDialog("reject")}
              onUndo={() => void act("undo")}
              onCorrect={() => setDialog("correct")}
            />
          </Inspector>
        </div>
      ) : (
        <Loading what="the image" />
      )}
      {bench.dialog === "help" && <KeyHelp bindings={keys} onClose={() => setDialog(null)} />}
      {image && bench.dialog === "reject" && (
        <RejectDialog
          onClose={() => setDialog(null)}
          onReject={(reason, notes) => {
            setDialog(null);
            void act("reject", { reason, notes });
          }}
        />
      )}
      {image && bench.dialog === "correct" && (
        <CorrectDialog image={image} onDone={bench.reworked} onClose={() => setDialog(null)} />
      )}
    </div>
  );
}
