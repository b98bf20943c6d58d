import type { JSX } from "preact";
import type { Graph, GraphEdge } from "../protocol";
import { Button } from "../ui/button";
import type { Store } from "../ui/store";

const KINDS = { input: "input", sum: "sum", product: "product", output: "output" } as const;

function around(
  graph: Graph,
  layer: number,
  index: number,
): { incoming: GraphEdge[]; outgoing: GraphEdge[] } {
  const active = graph.edges.filter((e) => e.status !== "removed");
  const strongest = (a: GraphEdge, b: GraphEdge) => b.attribution - a.attribution;
  return {
    incoming: active.filter((e) => e.layer === layer - 1 && e.node === index).sort(strongest),
    outgoing: active.filter((e) => e.layer === layer && e.source === index).sort(strongest),
  };
}

function EdgeList({
  title,
  edges,
  store,
}: {
  title: string;
  edges: GraphEdge[];
  store: Store;
}): JSX.Element | null {
  if (edges.length === 0) return null;
  return (
    <table class="kan-candidates kan-edge-list">
      <thead>
        <tr>
          <th>{title}</th>
          <th>attribution</th>
        </tr>
      </thead>
      <tbody>
        {edges.map((e) => (
          <tr key={e.id} onClick={() => store.select(e.id)}>
            <td>
              <button type="button" class="kan-bare" onClick={() => store.select(e.id)}>
                {store.names.value.get(e.id)}
                {e.label && <em> {e.label}</em>}
              </button>
            </td>
            <td>{e.attribution.toFixed(2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function removeReason(store: Store, kind: string): string {
  if (store.blocked.value) return store.blocked.value;
  if (kind === "input") return "Inputs stay; remove their edges instead.";
  return kind === "output" ? "The output stays." : "";
}

export function NodeInfo({ id, store }: { id: string; store: Store }): JSX.Element | null {
  const graph = store.live.graph.value;
  const node = graph.layers.flat().find((n) => n.id === id);
  if (!node) return null;
  const { incoming, outgoing } = around(graph, node.layer, node.index);
  return (
    <>
      <h4>
        Node ({node.layer}, {node.index}) · <span class="kan-as-is">{store.names.value.get(id)}</span>
      </h4>
      <dl class="kan-list">
        <dt>kind</dt>
        <dd>{KINDS[node.kind]}</dd>
        <dt>attribution</dt>
        <dd>{node.attribution.toFixed(2)}</dd>
      </dl>
      <EdgeList title="comes from" edges={incoming} store={store} />
      <EdgeList title="goes to" edges={outgoing} store={store} />
      <div class="kan-row">
        <Button
          action="remove_node"
          off={removeReason(store, node.kind)}
          title="Remove this node and its edges"
          onClick={() => store.act({ type: "remove_node", node: id })}
        >
          Remove node
        </Button>
      </div>
    </>
  );
}
