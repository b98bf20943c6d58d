import type { EdgeStatus, NodeKind } from "../protocol";

export interface Point {
  x: number;
  y: number;
}

export interface NodeBox extends Point {
  id: string;
  r: number;
  kind: NodeKind;
  label: string;
  symbol: string;
  ghost: boolean;
  /** Where the label starts or ends; only inputs and outputs carry one beside the circle. */
  side: "left" | "right" | "none";
  font: number;
  labelWidth: number;
}

export interface EdgeBox extends Point {
  id: string;
  w: number;
  h: number;
  from: Point;
  to: Point;
  status: EdgeStatus;
  ghost: boolean;
  locked: boolean;
  label: string;
  labelAt: Point;
  labelAnchor: "middle" | "start";
  labelSize: number;
}

/** The small sum in front of a product node that gathers the edges of one factor. */
export interface Joint extends Point {
  id: string;
  to: Point;
  ghost: boolean;
}

export interface Layout {
  width: number;
  height: number;
  nodes: NodeBox[];
  edges: EdgeBox[];
  joints: Joint[];
  /** Removed edges that are not drawn because there are too many of them. */
  hidden: number;
}

export interface Size {
  width: number;
  height: number;
}
