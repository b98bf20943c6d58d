import type { JSX } from "preact";
import { DiagramPanel } from "../panels/diagram";
import { HistoryPanel } from "../panels/history";
import { InspectorPanel } from "../panels/inspector";
import { LawBar } from "../panels/law";
import { Notice } from "../panels/message";
import { Toolbar } from "../panels/toolbar";
import { TrainingStatus } from "../panels/training";
import type { Mode } from "../protocol";
import type { Store } from "./store";

export interface AppProps {
  store: Store;
  /** Takes what must be drawn again when the colors change. */
  themed: (repaint: () => void) => void;
}

const ENTRIES: Record<Mode, (props: AppProps) => JSX.Element> = {
  workbench: ({ store, themed }) => (
    <>
      <Toolbar store={store} />
      <HistoryPanel store={store} />
      <DiagramPanel store={store} themed={themed} />
      <InspectorPanel store={store} />
      <LawBar store={store} />
      <TrainingStatus store={store} />
    </>
  ),
  diagram: (props) => <DiagramPanel {...props} />,
  edge: ({ store }) => <InspectorPanel store={store} />,
  law: ({ store }) => (
    <>
      <LawBar store={store} />
      <Notice store={store} />
    </>
  ),
};

export function App(props: AppProps): JSX.Element {
  const mode = props.store.live.mode.value;
  return (ENTRIES[mode] ?? ENTRIES.workbench)(props);
}
