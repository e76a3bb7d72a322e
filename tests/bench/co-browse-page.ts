/** A page that is as busy as wanted, and a probe in it that tells when it was changed. Both run inside pages. */

export const LOAD_BODY = `<h1>Busy</h1><p id="probe">0</p><ul id="rows">${'<li class="row">row</li>'.repeat(500)}</ul>`;

/** Twenty ticks a second, each with its share of text and attribute changes; zero stops. */
export function keepBusy(mutationsPerSecond: number): void {
  const page = globalThis as never as { busyTimer?: number };
  clearInterval(page.busyTimer);
  if (mutationsPerSecond === 0) return;
  const rows = [...document.querySelectorAll<HTMLElement>('.row')];
  const probe = document.querySelector('#probe')!.firstChild!;
  const perTick = Math.round(mutationsPerSecond / 20);
  let tick = 0;
  page.busyTimer = Number(
    setInterval(() => {
      tick += 1;
      for (let change = 0; change < perTick - 1; change += 1) {
        const row = rows[(tick * 7 + change) % rows.length]!;
        if (change % 3 === 0) row.style.marginLeft = `${(tick + change) % 40}px`;
        else row.firstChild!.nodeValue = `row ${(tick * 31 + change) % 997} of the table, price ${tick % 89}.90`;
      }
      probe.nodeValue = String(performance.timeOrigin + performance.now());
    }, 50),
  );
}

/** Notes how long after it was written each value of the probe stands in this document. */
export function watchProbe(copy: Document): void {
  const latencies: number[] = [];
  Object.assign(globalThis, { latencies });
  let last = '';
  new MutationObserver(() => {
    const text = copy.querySelector('#probe')?.textContent ?? '';
    if (text === last || Number.isNaN(Number(text))) return;
    last = text;
    latencies.push(performance.timeOrigin + performance.now() - Number(text));
  }).observe(copy, { childList: true, characterData: true, subtree: true });
}
