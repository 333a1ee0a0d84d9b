import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../api/may";
import { aboutQuery, presetsQuery } from "../../api/queries";
import type { BatchRequest } from "../../api/schema";
import { isManifest, listOf } from "../../lib/files";
import { holdings, tally } from "../../lib/uploadQueue";
import { Empty, Fault, Loading } from "../../ui/states";
import { useTitle } from "../../ui/useTitle";
import { CheckAndStart } from "./CheckAndStart";
import { Drop } from "./Drop";
import { Settings, type SettingsValue } from "./Settings";
import { Thumbs } from "./Thumbs";
import { useUploads } from "./useUploads";
import "./new.css";

/** From photos to a running batch: drop them, say what they shall look like, start. */
export default function NewBatchView() {
  useTitle("New batch");
  const about = useQuery(aboutQuery);
  const presets = useQuery(presetsQuery);
  const { queue, uploads, folderId, name, setName, restoring, error, startOver } = useUploads();
  const [reference, setReference] = useState<string | null>(null);
  const [list, setList] = useState<string | null>(null);
  const [settings, setSettings] = useState<SettingsValue>({
    preset: null,
    mode: "auto",
    background: "",
    kb: "",
  });
  const sum = tally(uploads);
  const manifests = uploads.filter((one) => one.state === "done" && isManifest(one.type));
  // A manifest says more than a folder, so it is taken unless somebody chooses otherwise.
  const paths = manifests.map((one) => one.path);
  const manifest = listOf(list, paths);
  const operates = useMay("operator");
  const fault = about.error ?? presets.error;
  if (fault) return <Fault error={fault} retry={() => void about.refetch().then(() => presets.refetch())} />;
  if (!operates) {
    return (
      <Empty icon="photos" title="Operators start batches">
        <p>Your role lets you look and, as a reviewer, decide.</p>
      </Empty>
    );
  }
  if (!about.data || !presets.data) return <Loading what="settings" />;
  const preset = settings.preset ?? about.data.default_preset;
  const request: BatchRequest | null =
    folderId === null
      ? null
      : {
          photos: { folder_id: folderId, ...(manifest && { manifest }) },
          preset,
          mode: settings.mode,
          ...(settings.background && { background: settings.background }),
          ...(settings.kb && { target_size_kb: Number(settings.kb) }),
          ...(reference && { reference }),
        };
  return (
    <div className="newbatch">
      <div className="heading">
        <div>
          <h1 tabIndex={-1}>New batch</h1>
        </div>
        {uploads.length > 0 && (
          <button
            type="button"
            className="button"
            onClick={() => {
              setReference(null);
              setList(null);
              startOver();
            }}
          >
            Start over
          </button>
        )}
      </div>
      {error !== null && <Fault error={error} />}
      <section className="step" aria-labelledby="step-photos">
        <h2 id="step-photos">
          <span>1</span> Photos
        </h2>
        <Drop about={about.data} compact={uploads.length > 0} onFiles={(files) => queue.add(files)} />
        <label className="field name">
          <span>Name of the batch; also the product group of photos that lie in no folder</span>
          <input
            className="input"
            value={name}
            maxLength={100}
            placeholder="spring mugs"
            disabled={folderId !== null}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        {restoring && <p className="soft">Looking for files of your last visit…</p>}
        <Thumbs queue={queue} uploads={uploads} sum={sum} reference={reference} onReference={setReference} />
        {manifests.length > 0 && (
          <label className="field name">
            <span>What is to be processed</span>
            <select className="input" value={manifest} onChange={(event) => setList(event.target.value)}>
              {manifests.map(({ path }) => (
                <option key={path} value={path}>
                  The rows of {path}
                </option>
              ))}
              <option value="">All photos, without a list</option>
            </select>
          </label>
        )}
      </section>
      <section className="step" aria-labelledby="step-look">
        <h2 id="step-look">
          <span>2</span> What they shall look like
        </h2>
        <Settings
          about={about.data}
          presets={presets.data.items}
          value={{ ...settings, preset }}
          onChange={setSettings}
        />
      </section>
      <section className="step" aria-labelledby="step-start">
        <h2 id="step-start">
          <span>3</span> Check and start
        </h2>
        <CheckAndStart request={request} holds={holdings(uploads)} sum={sum} onStarted={startOver} />
      </section>
    </div>
  );
}
