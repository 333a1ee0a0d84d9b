import { lazy, type ReactNode, Suspense } from "react";
import { href, type Route, useRoute } from "./lib/router";
import { ErrorBoundary } from "./ui/ErrorBoundary";
import { Frame } from "./ui/Frame";
import { Empty, Loading } from "./ui/states";
import { useTitle } from "./ui/useTitle";

const BatchesView = lazy(() => import("./views/batches/BatchesView"));
const NewBatchView = lazy(() => import("./views/new/NewBatchView"));
const BatchView = lazy(() => import("./views/batch/BatchView"));
const CompareView = lazy(() => import("./views/compare/CompareView"));
const ReviewView = lazy(() => import("./views/review/ReviewView"));
const OverviewView = lazy(() => import("./views/overview/OverviewView"));

interface Shown {
  view: ReactNode;
  /** The view takes the whole window, as a workbench does. */
  wide: boolean;
  key: string;
}

function shown({ parts }: Route): Shown {
  const [place, id, under, image] = parts;
  if (place === undefined || (place === "batches" && id === undefined)) {
    return { view: <BatchesView />, wide: false, key: "batches" };
  }
  if (place === "new") return { view: <NewBatchView />, wide: false, key: "new" };
  if (place === "review") return { view: <ReviewView />, wide: true, key: "review" };
  if (place === "overview") return { view: <OverviewView />, wide: false, key: "overview" };
  if (place === "batches" && id && under === "images" && image) {
    return { view: <CompareView batchId={id} imageId={image} />, wide: true, key: `image ${id} ${image}` };
  }
  if (place === "batches" && id && under === undefined) {
    return { view: <BatchView batchId={id} />, wide: false, key: `batch ${id}` };
  }
  return { view: <Nowhere />, wide: false, key: "nowhere" };
}

export function App() {
  const { view, wide, key } = shown(useRoute());
  return (
    <Frame wide={wide}>
      <ErrorBoundary key={key}>
        <Suspense fallback={<Loading what="the view" />}>{view}</Suspense>
      </ErrorBoundary>
    </Frame>
  );
}

function Nowhere() {
  useTitle("Not found");
  return (
    <Empty icon="help" title="There is nothing at this address">
      <a className="button" href={href([])}>
        All batches
      </a>
    </Empty>
  );
}
