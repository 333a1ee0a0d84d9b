import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { decidedImage, review } from "../../api/actions";
import { useAllowed } from "../../api/may";
import { pendingQuery } from "../../api/queries";
import { Buttons } from "../../decide/Buttons";
import { Conflict } from "../../decide/Conflict";
import { CorrectDialog } from "../../decide/CorrectDialog";
import { RejectDialog } from "../../decide/RejectDialog";
import { signed } from "../../decide/reviewer";
import { useWorkbench } from "../../decide/useWorkbench";
import { Inspector } from "../../inspect/Inspector";
import { useKeys } from "../../lib/keys";
import { type Choice, following, keyOf, preceding } from "../../lib/queue";
import { useRoute } from "../../lib/router";
import { Stage } from "../../stage/Stage";
import { useStage } from "../../stage/useStage";
import { KeyHelp } from "../../ui/KeyHelp";
import { Fault, Loading } from "../../ui/states";
import { toast } from "../../ui/Toasts";
import { useTitle } from "../../ui/useTitle";
import { BulkDialog } from "./BulkDialog";
import { Film } from "./Film";
import { KEYS } from "./keys";
import { AllDone, ReviewBar } from "./ReviewBar";
import { useDecisions } from "./useDecisions";
import { usePreload } from "./usePreload";
import "../workbench.css";
import "./review.css";

/** The queue of what needs a person: one picture at a time, decided with one key. */
export default function ReviewView() {
  useTitle("Review");
  const { query } = useRoute();
  const batchId = query.get("batch") ?? undefined;
  const client = useQueryClient();
  const queue = useInfiniteQuery({ ...pendingQuery({ batch_id: batchId }), staleTime: 30_000 });
  const items = queue.data?.pages.flatMap((page) => page.items) ?? [];
  const [chosen, setChosen] = useState<Choice | null>(null);
  // They leave the queue, and U brings them back.
  const { decided, ...decisions } = useDecisions();
  const gone = new Set(decided.map(keyOf));
  const left = items.filter((one) => !gone.has(keyOf(one)));
  const now = left.find((one) => chosen && keyOf(one) === keyOf(chosen)) ?? left[0];
  const bench = useWorkbench(now?.batch_id ?? null, now?.image_id ?? null);
  const stage = useStage();
  const keys = useAllowed(KEYS);
  const { image, setDialog, deciding } = bench;
  const next = now && following(left, now);
  usePreload(next);
  const { hasNextPage, isFetching, fetchNextPage } = queue;
  // What was refused is asked for again by a person, not at once and for ever.
  const wanted = left.length < 10 && hasNextPage && !isFetching && !queue.error;
  useEffect(() => {
    if (wanted) void fetchNextPage();
  }, [wanted, fetchNextPage]);

  const decide = (action: "approve" | "reject", said = {}): Promise<void> =>
    decisions.decide(async () => {
      const done = await bench.act(action, said);
      // What came in between is shown.
      if (done && now) setChosen(next ?? preceding(left, now) ?? null);
      return done;
    });
  const undo = (): Promise<void> =>
    decisions.undo(async (last) => {
      if (!last) {
        toast("Nothing was decided here yet");
        return false;
      }
      try {
        const back = await review(last, { action: "undo", ...signed() });
        decidedImage(client, back);
        await queue.refetch();
        setChosen(back);
        toast(`Taken back: ${back.sku_id || back.image_id}`);
        return true;
      } catch (error) {
        toast(error instanceof Error ? error.message : String(error));
        return false;
      }
    });
  useKeys(keys, (key) => {
    if (key === "next" && next) setChosen(next);
    if (key === "back" && now) setChosen(preceding(left, now) ?? now);
    if (key === "approve") void decide("approve");
    if (key === "undo") void undo();
    if (key === "zoom") stage.toggleZoom();
    if (key === "help") setDialog("help");
    if (key === "bulk") setDialog("bulk");
    if (image && key === "reject") setDialog("reject");
    if (image && key === "correct") setDialog("correct");
  });

  if (queue.error && !queue.data) return <Fault error={queue.error} retry={() => void queue.refetch()} />;
  if (queue.isPending) return <Loading what="the queue" />;
  const close = (): void => setDialog(null);
  return (
    <div className="workbench">
      <ReviewBar
        left={left.length}
        more={hasNextPage}
        decided={decided.length}
        onUndo={() => void undo()}
        onBulk={() => setDialog("bulk")}
        onHelp={() => setDialog("help")}
        name={image ? `${image.sku_id} ${image.image_type}` : ""}
      />
      {deciding.conflict && now && keyOf(deciding.conflict) === keyOf(now) && (
        <Conflict
          image={deciding.conflict}
          onClose={() => {
            deciding.clear();
            void queue.refetch();
          }}
        />
      )}
      {deciding.error !== null && <Fault error={deciding.error} />}
      {bench.error && <Fault error={bench.error} retry={() => void bench.refetch()} />}
      {queue.error && (
        <Fault
          error={queue.error}
          retry={() => void (queue.isFetchNextPageError ? fetchNextPage() : queue.refetch())}
        />
      )}
      {!now && hasNextPage && !queue.error && <Loading what="the queue" />}
      {!now && !hasNextPage && <AllDone decided={decided.length} batchId={batchId} />}
      {now && !image && !bench.error && <Loading what="the image" />}
      {now && image && (
        <div className="bench">
          <Stage image={image} preset={bench.preset} stage={stage} focus={bench.focus} />
          <Inspector image={image} reasons={bench.reasons} focus={bench.focus} onFocus={bench.setFocus}>
            <Buttons
              image={image}
              busy={deciding.busy}
              onApprove={() => void decide("approve")}
              onReject={() => setDialog("reject")}
              onUndo={() => void undo()}
              onCorrect={() => setDialog("correct")}
            />
          </Inspector>
        </div>
      )}
      {left.length > 1 && now && <Film items={left} now={now} onChoose={setChosen} />}
      {bench.dialog === "help" && <KeyHelp bindings={keys} onClose={close} />}
      {bench.dialog === "bulk" && (
        <BulkDialog
          batchId={batchId}
          onClose={() => {
            close();
            void queue.refetch();
          }}
        />
      )}
      {image && bench.dialog === "reject" && (
        <RejectDialog
          onClose={close}
          onReject={(reason, notes) => {
            close();
            void decide("reject", { reason, notes });
          }}
        />
      )}
      {image && bench.dialog === "correct" && (
        <CorrectDialog image={image} onDone={bench.reworked} onClose={close} />
      )}
    </div>
  );
}
