/** Pan and zoom as plain values. */
import { BOTTOM, TOP } from "../layout/layout";
import type { Point, Size } from "../layout/types";

/** screen = world * k + (x, y) */
export interface Camera extends Point {
  k: number;
}

const NEAREST = 8;
const FARTHEST = 0.05;

/** The whole picture, centered, never enlarged; the strips above and below keep their height on the screen. */
export function fitCamera(content: Size, view: Size): Camera {
  if (!content.width || !content.height || !view.width || !view.height) return { x: 0, y: 0, k: 1 };
  const inner = (size: Size) => Math.max(1, size.height - TOP - BOTTOM);
  const k = Math.min(1, view.width / content.width, inner(view) / inner(content));
  const x = (view.width - k * content.width) / 2;
  return { k, x, y: TOP * (1 - k) + (inner(view) - k * inner(content)) / 2 };
}

/** The point of the picture under `at` stays where it is. */
export function zoomAt(camera: Camera, at: Point, factor: number): Camera {
  const k = Math.min(NEAREST, Math.max(FARTHEST, camera.k * factor));
  const ratio = k / camera.k;
  return { k, x: at.x - (at.x - camera.x) * ratio, y: at.y - (at.y - camera.y) * ratio };
}

export function panBy(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x + dx, y: camera.y + dy };
}

export function toWorld(camera: Camera, screen: Point): Point {
  return { x: (screen.x - camera.x) / camera.k, y: (screen.y - camera.y) / camera.k };
}

export function toScreen(camera: Camera, world: Point): Point {
  return { x: world.x * camera.k + camera.x, y: world.y * camera.k + camera.y };
}
