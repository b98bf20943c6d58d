/** One-dimensional placement: the two small problems that every column of the diagram reduces to. */

export interface Slot {
  /** Where the middle would like to be. */
  wish: number;
  /** Room it needs. */
  size: number;
}

interface Block {
  /** Sum and count of the wished positions of the block's start. */
  sum: number;
  count: number;
  size: number;
  start: number;
}

/**
 * Middles of the slots, in the given order and without overlap, as near to the wishes as least squares allows
 * (pool adjacent violators), then moved inside [low, high] where they fit.
 */
export function spread(slots: readonly Slot[], low: number, high: number): number[] {
  const blocks: Block[] = [];
  for (const slot of slots) {
    let block: Block = { sum: slot.wish - slot.size / 2, count: 1, size: slot.size, start: 0 };
    block.start = block.sum;
    for (let last = blocks.at(-1); last && last.start + last.size > block.start; last = blocks.at(-1)) {
      blocks.pop();
      const sum = last.sum + block.sum - last.size * block.count;
      const count = last.count + block.count;
      block = { sum, count, size: last.size + block.size, start: sum / count };
    }
    blocks.push(block);
  }
  const starts = blocks.flatMap((block) => Array.from({ length: block.count }, () => block));
  return intoRange(middles(slots, starts), slots, low, high);
}

function middles(slots: readonly Slot[], owners: readonly Block[]): number[] {
  let offset = 0;
  let owner: Block | undefined;
  return slots.map((slot, i) => {
    const block = owners[i] as Block;
    if (block !== owner) offset = block.start;
    owner = block;
    offset += slot.size;
    return offset - slot.size / 2;
  });
}

/** Pushes what sticks out at either end back in; a column that does not fit keeps its order and starts at low. */
function intoRange(positions: number[], slots: readonly Slot[], low: number, high: number): number[] {
  const out = [...positions];
  let limit = high;
  for (let i = out.length - 1; i >= 0; i--) {
    const half = (slots[i] as Slot).size / 2;
    out[i] = Math.min(out[i] as number, limit - half);
    limit = (out[i] as number) - half;
  }
  limit = low;
  for (let i = 0; i < out.length; i++) {
    const half = (slots[i] as Slot).size / 2;
    out[i] = Math.max(out[i] as number, limit + half);
    limit = (out[i] as number) + half;
  }
  return out;
}

/** Middles of consecutive intervals that share [low, high] in proportion to their weights. */
export function share(weights: readonly number[], low: number, high: number): number[] {
  const total = weights.reduce((a, b) => a + b, 0) || 1;
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return low + ((high - low) * (sum - weight / 2)) / total;
  });
}
