/** Every edge as a row: the way in for screen readers, and the fast way through large networks. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { GraphEdge } from "../protocol";
import type { Store } from "../ui/store";

type Key = "name" | "status" | "attribution";

const COLUMNS: readonly { key: Key; title: string }[] = [
  { key: "name", title: "edge" },
  { key: "status", title: "status" },
  { key: "attribution", title: "attribution" },
];

export function statusText(edge: GraphEdge): string {
  const status = edge.status === "form" ? edge.label || "form" : edge.status;
  return edge.locked ? `${status}, locked` : status;
}

export function sortEdges(
  edges: readonly GraphEdge[],
  by: Key,
  names: ReadonlyMap<string, string>,
): GraphEdge[] {
  const order: Record<Key, (a: GraphEdge, b: GraphEdge) => number> = {
    name: (a, b) => (names.get(a.id) ?? a.id).localeCompare(names.get(b.id) ?? b.id),
    status: (a, b) => statusText(a).localeCompare(statusText(b)) || b.attribution - a.attribution,
    attribution: (a, b) => b.attribution - a.attribution,
  };
  return [...edges].sort(order[by]);
}

export function EdgeTable({ store }: { store: Store }): JSX.Element {
  const by = useMemo(() => signal<Key>("attribution"), []);
  const edges = sortEdges(store.live.graph.value.edges, by.value, store.names.value);
  return (
    <div class="kan-edge-table">
      <table>
        <caption class="kan-hidden">Edges of the network</caption>
        <thead>
          <tr>
            {COLUMNS.map(({ key, title }) => (
              <th
                key={key}
                aria-sort={by.value === key ? (key === "attribution" ? "descending" : "ascending") : "none"}
              >
                <button
                  type="button"
                  class="kan-bare"
                  onClick={() => {
                    by.value = key;
                  }}
                >
                  {title}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {edges.map((edge) => (
            <tr
              key={edge.id}
              data-edge-row={edge.id}
              data-status={edge.status}
              data-picked={store.selection.value === edge.id ? "1" : undefined}
              onClick={() => edge.status !== "removed" && store.select(edge.id)}
            >
              <th scope="row">
                <button type="button" class="kan-bare" disabled={edge.status === "removed"}>
                  {store.names.value.get(edge.id)}
                </button>
              </th>
              <td>{statusText(edge)}</td>
              <td>
                <span class="kan-meter" style={{ "--kan-share": edge.attribution }} />{" "}
                {edge.attribution.toFixed(3)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
