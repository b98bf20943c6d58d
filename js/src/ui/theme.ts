/** Light or dark, as the page around the workbench has it. */

export type Theme = "light" | "dark";

const HOST_BACKGROUNDS = ["--jp-layout-color0", "--vscode-editor-background"];

/** Relative brightness of a computed color, or null when it says nothing (transparent, unknown spelling). */
export function brightness(color: string): number | null {
  const parts = color
    .match(/rgba?\(([^)]+)\)/)?.[1]
    ?.split(/[\s,/]+/)
    .map(Number);
  if (!parts || parts.length < 3 || parts.some(Number.isNaN)) return null;
  const [r = 0, g = 0, b = 0, alpha = 1] = parts;
  return alpha < 0.5 ? null : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

function hostBackground(root: HTMLElement): string | null {
  const style = getComputedStyle(root);
  const value = HOST_BACKGROUNDS.map((name) => style.getPropertyValue(name).trim()).find(Boolean);
  if (!value) return null;
  const probe = document.createElement("span");
  probe.style.color = value;
  root.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

function parentOf(element: Element): Element | null {
  return element.parentElement ?? ((element.getRootNode() as ShadowRoot).host || null);
}

export function detectTheme(root: HTMLElement): Theme {
  const known = brightness(hostBackground(root) ?? "");
  if (known !== null) return known < 0.5 ? "dark" : "light";
  for (let element = parentOf(root); element; element = parentOf(element)) {
    const light = brightness(getComputedStyle(element).backgroundColor);
    if (light !== null) return light < 0.5 ? "dark" : "light";
  }
  return globalThis.matchMedia?.("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Keeps `data-theme` of the root right while the host changes its mind; returns what stops it. */
export function followTheme(root: HTMLElement, changed: () => void): () => void {
  const apply = () => {
    const theme = detectTheme(root);
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    changed();
  };
  apply();
  const observer = new MutationObserver(() => setTimeout(apply));
  const attributes = {
    attributes: true,
    attributeFilter: ["class", "style", "data-jp-theme-light", "data-vscode-theme-kind", "data-theme"],
  };
  observer.observe(document.body, attributes);
  observer.observe(document.documentElement, attributes);
  const media = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
  media?.addEventListener?.("change", apply);
  return () => {
    observer.disconnect();
    media?.removeEventListener?.("change", apply);
  };
}
