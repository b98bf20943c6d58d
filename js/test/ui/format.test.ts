import { describe, expect, it } from "vitest";
import {
  formatCount,
  formatError,
  formatSeconds,
  formatTick,
  plural,
  prettyFormula,
} from "../../src/ui/format";
import { sizeName } from "../../src/ui/mount";
import { brightness } from "../../src/ui/theme";

it.each([
  [null, "–"],
  [Number.NaN, "–"],
  [0, "0"],
  [2.1e-15, "2.1e-15"],
  [0.00434, "4.3e-3"],
  [0.213, "0.21"],
  [3.5, "3.5"],
  [120.4, "120"],
  [54321, "5.4e+4"],
])("formats the error %s as %s", (value, text) => {
  expect(formatError(value)).toBe(text);
});

it.each([
  [0, "0"],
  [-0.5, "−0.5"],
  [1500, "1500"],
  [2e-5, "2e-5"],
  [2.5e7, "2.5e7"],
])("formats the tick %s as %s", (value, text) => {
  expect(formatTick(value)).toBe(text);
});

it("formats counts and times", () => {
  expect(formatCount(1234567)).toBe("1\u202f234\u202f567");
  expect(plural(1, "edge")).toBe("1 edge");
  expect(plural(8, "edge")).toBe("8 edges");
  expect([formatSeconds(1.44), formatSeconds(44), formatSeconds(125)]).toEqual([
    "1.4 s",
    "44 s",
    "2 min 05 s",
  ]);
});

describe("prettyFormula", () => {
  it.each([
    ["sin(3.1416*x1)", "sin(3.1416\u2009x₁)"],
    ["x1**2", "x₁²"],
    ["x**-2", "x⁻²"],
    ["2*exp(-x)", "2\u2009exp(−x)"],
    ["a*b", "a·b"],
    ["1e-3*x + 2", "1e-3\u2009x + 2"],
    ["log10(x)", "log10(x)"],
    ["x**2.5", "x**2.5"],
    ["symmetry_d3", "symmetry_d3"],
    ["tanh(x - 1)", "tanh(x − 1)"],
    ["exp(-(1.5*x1 + 0.5)**2)", "exp(−(1.5 x₁ + 0.5)²)"],
  ])("%s", (text, pretty) => {
    expect(prettyFormula(text)).toBe(pretty);
  });
});

it("reads brightness from computed colors", () => {
  expect(brightness("rgb(255, 255, 255)")).toBeCloseTo(1);
  expect(brightness("rgba(0, 0, 0, 0)")).toBeNull();
  expect(brightness("rgb(20 24 29 / 1)")).toBeLessThan(0.2);
  expect(brightness("")).toBeNull();
});

it("names widths", () => {
  expect([1600, 1280, 1000, 800, 640].map(sizeName)).toEqual(["xl", "xl", "l", "m", "s"]);
});
