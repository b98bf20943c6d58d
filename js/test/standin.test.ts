import { expect, it, vi } from "vitest";
import { mount } from "../src/index";
import { StandIn } from "../src/standin";
import { fixture } from "./support/model";
import { settle } from "./support/view";

it("answers select and nothing else", () => {
  const payload = fixture("2-5-1");
  const model = new StandIn(payload);
  const changed = vi.fn();
  model.on("change:seq", changed);
  model.send({ type: "fit", seq: 1 });
  expect(changed).not.toHaveBeenCalled();
  model.send({ type: "select", edge: "0.1.0", seq: 2 });
  expect(changed).toHaveBeenCalledOnce();
  expect(model.get("selection")).toBe("0.1.0");
  expect(model.get("inspector")).toEqual(payload.inspectors["0.1.0"]);
  expect(model.get("ack")).toBe(2);
  model.off("change:seq", changed);
  model.send({ type: "select", edge: "", seq: 3 });
  expect(changed).toHaveBeenCalledOnce();
  expect(model.get("inspector")).toBeNull();
});

it("always has a reason why it is read only", () => {
  expect(new StandIn({}).get("readonly")).toMatch(/report/);
  expect(new StandIn({ readonly: "because" }).get("readonly")).toBe("because");
});

it("shows a report whose curves can be looked at", async () => {
  const el = document.createElement("div");
  document.body.append(el);
  const close = mount(el, fixture("2-5-1"));
  const root = el.querySelector<HTMLElement>(".kanlab")!;
  expect(root.dataset.ready).toBe("1");
  el.querySelector<SVGElement>('[data-edge="0.1.0"] rect')!.dispatchEvent(
    new MouseEvent("click", { bubbles: true }),
  );
  await settle();
  expect(el.querySelector("[data-inspector]")?.getAttribute("data-inspector")).toBe("0.1.0");
  expect(el.querySelectorAll("[data-form]").length).toBeGreaterThan(2);
  for (const action of ["fit", "fix", "remove", "discover", "export", "prune"]) {
    const button = el.querySelector<HTMLButtonElement>(`[data-action="${action}"]`)!;
    expect(button.disabled).toBe(true);
    expect(button.title).toMatch(/report/);
  }
  close();
  expect(el.childElementCount).toBe(0);
});
