/** Files and text that leave the workbench. */
import type { ExportFile, ExportKind } from "../protocol";

const COPIED: ReadonlySet<ExportKind> = new Set(["latex", "python", "text"]);

/** Puts text on the clipboard; the old way where the page is not allowed the new one. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.cssText = "position:fixed;opacity:0;pointer-events:none";
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
  }
}

export function download(filename: string, mime: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: mime }));
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  document.body.append(link);
  link.click();
  link.remove();
  // The download starts after this task: the address must live a little longer.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Formulas go to the clipboard, documents to a file. Returns what to tell the reader. */
export async function saveExport(file: ExportFile): Promise<string> {
  if (COPIED.has(file.kind) && (await copyText(file.text)))
    return `Copied ${file.kind === "latex" ? "LaTeX" : file.kind}`;
  download(file.filename, file.mime, file.text);
  return `Saved ${file.filename}`;
}
