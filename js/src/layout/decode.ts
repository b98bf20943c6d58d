import type { Bytes, Graph, GraphEdge } from "../protocol";

const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function toBytes(value: Bytes): Uint8Array {
  if (value === null || value === undefined) return new Uint8Array(0);
  if (typeof value === "string") return fromBase64(value);
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** Little-endian float32 values, whatever the host wrapped them in; a tail shorter than 4 bytes is dropped. */
export function decodeFloats(value: Bytes): Float32Array {
  const bytes = toBytes(value);
  const count = Math.floor(bytes.byteLength / 4);
  const aligned = bytes.byteOffset % 4 === 0;
  if (LITTLE && aligned) return new Float32Array(bytes.buffer, bytes.byteOffset, count);
  if (LITTLE) return new Float32Array(bytes.slice(0, count * 4).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
}

/** The curve of one edge as a view into the shared buffer; empty when the edge has none or it has not arrived. */
export function curveOf(edge: GraphEdge, graph: Graph, floats: Float32Array): Float32Array {
  const start = edge.curve * graph.points;
  if (edge.curve < 0 || graph.points < 2 || start + graph.points > floats.length) return new Float32Array(0);
  return floats.subarray(start, start + graph.points);
}

export interface LossPairs {
  train: number[];
  validation: number[];
}

/** Interleaved (train, validation) pairs apart; values that are not finite are kept as NaN gaps. */
export function splitLoss(value: Bytes): LossPairs {
  const floats = decodeFloats(value);
  const pairs: LossPairs = { train: [], validation: [] };
  for (let i = 0; i + 1 < floats.length; i += 2) {
    pairs.train.push(floats[i] as number);
    pairs.validation.push(floats[i + 1] as number);
  }
  return pairs;
}
