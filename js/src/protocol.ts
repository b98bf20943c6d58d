/** Types of everything that travels between Python and the browser (protocol version 1). */

export const PROTOCOL = 1;

export type Mode = "workbench" | "diagram" | "edge" | "law";
export type EdgeStatus = "spline" | "form" | "removed";
export type NodeKind = "input" | "sum" | "product" | "output";

export interface Named {
  name: string;
  unit: string;
}

export interface DatasetInfo {
  title: string;
  rows: number;
  inputs: Named[];
  target: Named;
  split: { train: number; validation: number; test: number };
  notices: string[];
}

export interface GraphNode {
  /** "layer.index" */
  id: string;
  layer: number;
  index: number;
  kind: NodeKind;
  label: string;
  symbol: string;
  active: boolean;
  attribution: number;
}

export interface GraphEdge {
  /** "layer.source.target" */
  id: string;
  layer: number;
  source: number;
  target: number;
  /** Index, in the next layer, of the node that the target subnode belongs to. */
  node: number;
  status: EdgeStatus;
  locked: boolean;
  attribution: number;
  label: string;
  /** Row in `curves`; -1 when there is none. */
  curve: number;
  lo: number;
  hi: number;
}

export interface Rmse {
  train: number | null;
  validation: number | null;
  test: number | null;
}

export interface Graph {
  layers: GraphNode[][];
  edges: GraphEdge[];
  points: number;
  parameters: number;
  shape: string;
  intervals: number;
  rmse: Rmse;
  /** what the errors are: "rmse", or the loss of a classification */
  measure: string;
}

export interface Candidate {
  form: string;
  text: string;
  rmse: number | null;
  r2: number;
  complexity: number;
  curve: number[];
  current: boolean;
  /** The text by which a person asked for it; "" for the usual forms. */
  typed?: string;
}

export interface Inspector {
  edge: string;
  title: string;
  xlabel: string;
  ylabel: string;
  x: number[];
  y: number[];
  density: { lo: number; hi: number; counts: number[] };
  status: EdgeStatus;
  locked: boolean;
  attribution: number;
  intervals: number;
  formula: string;
  /** null while they are being computed. */
  candidates: Candidate[] | null;
  keep: { rmse: number | null; complexity: number };
}

export interface LawConstant {
  name: string;
  value: string;
  error: string;
  snapped: string;
}

export interface Law {
  complete: boolean;
  /** A <math> element made by Python; trusted. */
  mathml: string;
  text: string;
  latex: string;
  python: string;
  error: number | null;
  error_label: string;
  notes: string[];
  constants: LawConstant[];
}

export interface HistoryNode {
  id: number;
  /** -1 for the root. */
  parent: number;
  code: string;
  note: string;
  onpath: boolean;
}

export interface History {
  current: number;
  nodes: HistoryNode[];
  can_undo: boolean;
  can_redo: boolean;
}

export interface Training {
  running: boolean;
  label: string;
  step: number;
  steps: number;
  rmse: number | null;
  elapsed: number;
  phase: string;
  stopping: boolean;
}

export interface Preview {
  threshold: number;
  edges: number;
  nodes: number;
  before: number | null;
  after: number | null;
}

export interface Message {
  kind: "error" | "info";
  text: string;
  id: number;
}

/** Bytes as the hosts hand them over; the report hands over base64 text. */
export type Bytes = DataView | ArrayBuffer | Uint8Array | string | null;

export interface Traits {
  protocol: number;
  mode: Mode;
  readonly: string;
  control: string;
  seq: number;
  ack: number;
  dataset: DatasetInfo;
  graph: Graph;
  curves: Bytes;
  selection: string;
  inspector: Inspector | null;
  law: Law | null;
  history: History;
  training: Training;
  loss: Bytes;
  preview: Preview | null;
  message: Message | null;
}

/** What a report embeds: every trait, and the inspector of every edge. */
export type Payload = Partial<Traits> & { inspectors?: Record<string, Inspector> };

export type ExportKind = "script" | "html" | "latex" | "python" | "text" | "svg";

export type Action =
  | { type: "fit" }
  | { type: "stop" }
  | { type: "prune"; threshold: number }
  | { type: "refine"; intervals: number }
  | { type: "undo" }
  | { type: "redo" }
  | { type: "go"; state: number }
  | { type: "select"; edge: string }
  | { type: "fix"; edge: string; form: string }
  | { type: "compare"; edge: string; form: string }
  | { type: "release"; edge: string }
  | { type: "lock"; edge: string }
  | { type: "unlock"; edge: string }
  | { type: "remove"; edge: string }
  | { type: "remove_node"; node: string }
  | { type: "preview_prune"; threshold: number }
  | { type: "discover" }
  | { type: "export"; kind: ExportKind };

export type Outgoing =
  | (Action & { seq: number })
  | { type: "drawn"; drawn: number; seq: number }
  | { type: "hello" };

export interface ExportFile {
  type: "export";
  kind: ExportKind;
  filename: string;
  mime: string;
  text: string;
}

/** The part of a widget model that the workbench uses. */
export interface Model {
  get(name: string): unknown;
  on(event: string, callback: (...args: never[]) => void): void;
  off(event: string, callback?: (...args: never[]) => void): void;
  send(content: unknown): void;
  widget_manager?: { get_model?: (id: string) => Promise<Model> };
}

/** Values for traits that have not arrived: every panel can draw them. */
export const EMPTY: Traits = {
  protocol: PROTOCOL,
  mode: "workbench",
  readonly: "",
  control: "",
  seq: 0,
  ack: 0,
  dataset: {
    title: "",
    rows: 0,
    inputs: [],
    target: { name: "y", unit: "" },
    split: { train: 0, validation: 0, test: 0 },
    notices: [],
  },
  graph: {
    layers: [],
    edges: [],
    points: 0,
    parameters: 0,
    shape: "",
    intervals: 0,
    rmse: { train: null, validation: null, test: null },
    measure: "rmse",
  },
  curves: null,
  selection: "",
  inspector: null,
  law: null,
  history: { current: 0, nodes: [], can_undo: false, can_redo: false },
  training: {
    running: false,
    label: "",
    step: 0,
    steps: 0,
    rmse: null,
    elapsed: 0,
    phase: "",
    stopping: false,
  },
  loss: null,
  preview: null,
  message: null,
};
