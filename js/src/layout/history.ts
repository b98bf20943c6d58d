/** The tree of states as the rows of a list. */
import type { History, HistoryNode } from "../protocol";

export interface HistoryRow {
  node: HistoryNode;
  /** 0: on the way to the current state (or the way that redo takes); more: a branch. */
  depth: number;
  current: boolean;
  /** Undone states that redo would bring back. */
  ahead: boolean;
  /** A line goes on from this row to a later one of the same depth. */
  joined: boolean;
}

const DEEPEST = 3;

function childrenOf(nodes: readonly HistoryNode[]): Map<number, HistoryNode[]> {
  const children = new Map<number, HistoryNode[]>();
  for (const node of nodes) children.set(node.parent, [...(children.get(node.parent) ?? []), node]);
  return children;
}

function pathTo(nodes: readonly HistoryNode[], id: number): Set<number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const path = new Set<number>();
  for (let node = byId.get(id); node && !path.has(node.id); node = byId.get(node.parent)) path.add(node.id);
  return path;
}

/** Branches stand between a state and its continuation, as short asides; the main line stays at the left. */
export function historyRows(history: History): HistoryRow[] {
  const children = childrenOf(history.nodes);
  const path = pathTo(history.nodes, history.current);
  const ids = new Set(history.nodes.map((node) => node.id));
  const rows: HistoryRow[] = [];
  const visit = (node: HistoryNode, depth: number, ahead: boolean) => {
    rows.push({ node, depth, current: node.id === history.current, ahead, joined: false });
    const next = children.get(node.id) ?? [];
    const redoing = ahead || (node.id === history.current && history.can_redo);
    const main = next.find((child) => path.has(child.id)) ?? (redoing || depth > 0 ? next.at(-1) : undefined);
    for (const child of next) if (child !== main) visit(child, Math.min(depth + 1, DEEPEST), false);
    if (main) visit(main, depth, redoing);
  };
  for (const root of history.nodes.filter((node) => !ids.has(node.parent))) visit(root, 0, false);
  markJoined(rows);
  return rows;
}

function markJoined(rows: HistoryRow[]): void {
  rows.forEach((row, i) => {
    const after = rows.slice(i + 1);
    const end = after.findIndex((other) => other.depth <= row.depth);
    row.joined = end >= 0 && after[end]?.depth === row.depth;
  });
}
