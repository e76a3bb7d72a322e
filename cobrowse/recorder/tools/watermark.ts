import { OWN_FONT } from '../../own-font.ts';
import { guarded } from './guarded.ts';
import type { Layer } from './layer.ts';

/** A faint text all over the page, so that a photograph of the screen says whose session it shows (B9). */
export interface Watermark {
  set(text: string | null): void;
}

const MAX_LENGTH = 120;
const TILT = -Math.PI / 8;
const STEP_Y_PX = 150;

export function createWatermark(layer: Layer): Watermark {
  let text: string | null = null;
  let canvas: HTMLCanvasElement | undefined;

  const paint = guarded(() => {
    const context = canvas?.getContext('2d');
    if (!canvas || !context || text === null) return;
    const [width, height, density] = [innerWidth, innerHeight, devicePixelRatio];
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    context.scale(density, density);
    context.rotate(TILT);
    context.font = `500 15px ${OWN_FONT}`;
    // Of both, one shows on light and the other on dark ground.
    const stepX = context.measureText(text).width + 90;
    const reach = width + height;
    for (let y = -reach, row = 0; y < reach; y += STEP_Y_PX, row += 1) {
      for (let x = -reach - (row % 2) * (stepX / 2); x < reach; x += stepX) {
        context.fillStyle = 'rgb(255 255 255 / 12%)';
        context.fillText(text, x + 1, y + 1);
        context.fillStyle = 'rgb(96 96 96 / 17%)';
        context.fillText(text, x, y);
      }
    }
  });

  return {
    set: guarded((next) => {
      const wanted = next?.trim().slice(0, MAX_LENGTH) || null;
      if (wanted === text) return;
      text = wanted;
      if (text === null) {
        removeEventListener('resize', paint);
        if (canvas) layer.remove(canvas);
        canvas = undefined;
        return;
      }
      if (!canvas) {
        canvas = layer.add('canvas', 'canvas');
        canvas.setAttribute('aria-hidden', 'true');
        addEventListener('resize', paint);
      }
      paint();
    }),
  };
}
