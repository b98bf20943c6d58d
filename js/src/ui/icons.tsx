/** Line icons on a 16 px square, drawn in the color of the text. */
import type { JSX } from "preact";

const PATHS = {
  undo: "M6 3 2.8 6.2 6 9.4M3 6.2h6.2a3.6 3.6 0 0 1 0 7.2H6",
  redo: "M10 3l3.2 3.2L10 9.4M13 6.2H6.8a3.6 3.6 0 0 0 0 7.2H10",
  down: "M4.5 6.5 8 10l3.5-3.5",
  close: "M4 4l8 8M12 4l-8 8",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  fit: "M2.8 6V2.8H6M10 2.8h3.2V6M13.2 10v3.2H10M6 13.2H2.8V10",
  table: "M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 3.5v9",
  lock: "M4 7.5h8V13H4zM5.5 7.5V5.6a2.5 2.5 0 0 1 5 0v1.9",
  info: "M8 7.2v4M8 4.8v.2M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12",
  warn: "M8 6.2v3.2M8 11.3v.2M8 2.2 14.2 13H1.8z",
  check: "M3.5 8.5l3 3 6-7",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="kan-icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
