import { describe, expect, it } from "vitest";
import { share, spread } from "../../src/layout/place";

const gaps = (positions: number[], sizes: number[]) =>
  positions.slice(1).map((p, i) => p - positions[i]! - (sizes[i]! + sizes[i + 1]!) / 2);

describe("spread", () => {
  it("leaves slots alone that do not touch", () => {
    const slots = [10, 50, 90].map((wish) => ({ wish, size: 20 }));
    expect(spread(slots, 0, 100)).toEqual([10, 50, 90]);
  });

  it("shares the displacement of slots that want the same place", () => {
    const slots = [50, 50, 50].map((wish) => ({ wish, size: 20 }));
    expect(spread(slots, 0, 100)).toEqual([30, 50, 70]);
  });

  it("keeps order, room and range for any wishes that fit", () => {
    let state = 1;
    const random = () => {
      state = (state * 16807) % 2147483647;
      return state / 2147483647;
    };
    for (let round = 0; round < 200; round++) {
      const sizes = Array.from({ length: 1 + Math.floor(12 * random()) }, () => 2 + 6 * random());
      const slots = sizes.map((size) => ({ wish: 140 * random() - 20, size }));
      const out = spread(slots, 0, 100);
      for (const gap of gaps(out, sizes)) expect(gap).toBeGreaterThan(-1e-9);
      expect(out[0]! - sizes[0]! / 2).toBeGreaterThan(-1e-9);
      expect(out.at(-1)! + sizes.at(-1)! / 2).toBeLessThan(100 + 1e-9);
    }
  });

  it("starts at the low end when the column is too long", () => {
    const slots = [0, 0, 0].map((wish) => ({ wish, size: 50 }));
    expect(spread(slots, 0, 100)).toEqual([25, 75, 125]);
  });
});

it("shares a range in proportion to weights", () => {
  expect(share([1, 1], 0, 100)).toEqual([25, 75]);
  expect(share([1, 3], 0, 100)).toEqual([12.5, 62.5]);
  expect(share([], 0, 100)).toEqual([]);
});
