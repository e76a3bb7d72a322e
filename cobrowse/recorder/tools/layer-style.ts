import { OWN_FONT } from '../../own-font.ts';

/** Of everything in the layer. Nothing of the page reaches in here, so it says all it needs. */
export const LAYER_CSS = `
.all {
  --surface: #fffdfa; --ink: #1f2421; --soft: #5a605b; --line: #cfc9bd; --bad: #b3372b; --hatch: #5a605b; --veil: rgb(240 237 231 / 62%);
  position: absolute; inset: 0; pointer-events: none;
  font: 400 14px/1.45 ${OWN_FONT}; color: var(--ink);
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
@media (prefers-color-scheme: dark) {
  .all { --surface: #262b28; --ink: #eceae4; --soft: #a9aea7; --line: #434a45; --bad: #ef8a7d; --hatch: #a9aea7; --veil: rgb(29 33 30 / 66%); }
}
.canvas, .box, .tip, .flag, .hidden, .ripple, .pointer { position: absolute; left: 0; top: 0; pointer-events: none; }
.canvas { width: 100%; height: 100%; }
.shield { position: absolute; inset: 0; pointer-events: auto; }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.box { box-sizing: border-box; border-radius: 6px; }
.pick { border: 2px solid var(--accent); box-shadow: 0 0 0 1px #fff, 0 0 0 2px #0006; background: color-mix(in srgb, var(--accent) 12%, transparent); }
.pick.hide { border-style: dashed; }
.mark { border: 3px solid var(--colour); box-shadow: 0 0 0 2px #fff, inset 0 0 0 1px #fff; }

.tip, .flag {
  max-width: min(320px, 100% - 16px); box-sizing: border-box; overflow: hidden; white-space: nowrap; text-overflow: ellipsis;
}
.tip {
  padding: 5px 10px; border-radius: 6px; font-size: 13px; font-weight: 550;
  background: var(--accent); color: var(--on-accent); box-shadow: 0 0 0 1px #fff, 0 4px 14px #0003;
}
.flag {
  padding: 2px 8px; border-radius: 99px; font-size: 12px; line-height: 18px; font-weight: 550;
  background: var(--colour); color: var(--on-colour); box-shadow: 0 0 0 1.5px #fff, 0 2px 8px #0003;
}
.bar {
  position: absolute; left: 50%; top: 16px; transform: translateX(-50%); pointer-events: auto;
  display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; box-sizing: border-box;
  width: max-content; max-width: min(680px, 100% - 24px); padding: 10px 10px 10px 18px;
  background: var(--surface); color: var(--ink); border: 1px solid var(--line); border-radius: 16px;
  box-shadow: 0 16px 48px -12px #0006, 0 4px 12px #0002;
}
.bar:focus { outline: none; }
.bar.low { top: auto; bottom: 16px; }
.bar p { margin: 0; flex: 1 1 240px; }
.bar p.shared { flex: 1 1 auto; font-weight: 550; }
.bar b { display: block; font-weight: 620; }
.bar span { color: var(--soft); font-size: 13px; }
.bar div { display: flex; flex-wrap: wrap; gap: 8px; margin-left: auto; }
button {
  font: inherit; font-weight: 550; min-height: 36px; padding: 0 14px; border-radius: 10px; cursor: pointer; white-space: nowrap;
  background: none; color: inherit; border: 1px solid var(--line);
}
button.main { background: var(--accent); color: var(--on-accent); border-color: transparent; }
button.end { color: var(--bad); border-color: color-mix(in srgb, var(--bad) 35%, transparent); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button[hidden] { display: none; }
@media (pointer: coarse) { button { min-height: 44px; } }

.hidden {
  display: flex; align-items: center; justify-content: center; box-sizing: border-box; overflow: hidden; border-radius: 4px;
  background: repeating-linear-gradient(135deg, color-mix(in srgb, var(--hatch) 26%, transparent) 0 1.5px, transparent 1.5px 9px), var(--veil);
  box-shadow: inset 0 0 0 1px color-mix(in srgb, var(--hatch) 55%, transparent);
}
.hidden span {
  max-width: calc(100% - 8px); box-sizing: border-box; overflow: hidden; white-space: nowrap; text-overflow: ellipsis;
  padding: 1px 8px; border-radius: 99px; font-size: 12px; line-height: 18px; font-weight: 550;
  background: var(--surface); color: var(--ink); box-shadow: 0 0 0 1px var(--line);
}
.hidden.small span { display: none; }

.pointer { width: 22px; height: 22px; }
.pointer path { fill: var(--colour); stroke: #fff; stroke-width: 1.6; stroke-linejoin: round; }
.ripple {
  width: 36px; height: 36px; margin: -18px 0 0 -18px; border-radius: 50%; box-sizing: border-box;
  border: 3px solid var(--colour); box-shadow: 0 0 0 1.5px #fff, inset 0 0 0 1.5px #fff; animation: ripple 600ms ease-out both;
}
@keyframes ripple { from { scale: .3; opacity: 1; } to { scale: 1.3; opacity: 0; } }
@media (prefers-reduced-motion: reduce) { .ripple { animation: none; } }
@media (forced-colors: active) { .pick, .mark { border-color: Highlight; } .hidden { border: 1px dashed CanvasText; } }
`;
