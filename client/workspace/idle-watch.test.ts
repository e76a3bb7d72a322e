import { expect, test } from 'vitest';
import { createIdleWatch } from './idle-watch.ts';

function watchedWorkspace() {
  const target = new EventTarget();
  const reports: boolean[] = [];
  let now = 0;
  let check = (): void => {};
  let hearOtherTab = (): void => {};
  let toldTabs = 0;
  const watch = createIdleWatch({
    target,
    now: () => now,
    report: (isIdle) => reports.push(isIdle),
    tabs: {
      tell: () => (toldTabs += 1),
      onTold: (handler) => (hearOtherTab = handler),
      close: () => (hearOtherTab = () => {}),
    },
    every: (run) => {
      check = run;
      return () => {
        check = () => {};
      };
    },
  });
  return {
    watch,
    reports,
    touch: (name = 'pointermove') => target.dispatchEvent(new Event(name)),
    touchInOtherTab: () => hearOtherTab(),
    toldTabs: () => toldTabs,
    pass: (minutes: number) => {
      now += minutes * 60_000;
      check();
    },
  };
}

test('[A2] five minutes without input mean away, and it is said once', () => {
  const { watch, reports, pass } = watchedWorkspace();
  watch.setLimit(5);
  pass(4);
  expect(reports).toEqual([]);
  pass(1);
  pass(1);
  expect(reports).toEqual([true]);
});

test('[A2] the first touch afterwards brings the agent back', () => {
  const { watch, reports, pass, touch } = watchedWorkspace();
  watch.setLimit(5);
  pass(6);
  touch('keydown');
  touch('pointermove');
  expect(reports).toEqual([true, false]);
});

test('[A2] input puts the moment off', () => {
  const { watch, reports, pass, touch } = watchedWorkspace();
  watch.setLimit(5);
  pass(4);
  touch();
  pass(4);
  expect(reports).toEqual([]);
});

test('[A2] with auto-away off nobody is away by itself, and switching it off brings back at once', () => {
  const { watch, reports, pass } = watchedWorkspace();
  watch.setLimit(null);
  pass(600);
  expect(reports).toEqual([]);
  watch.setLimit(1);
  watch.setLimit(null);
  expect(reports).toEqual([true, false]);
});

test('[A2] a new connection hears the present state', () => {
  const { watch, reports, pass } = watchedWorkspace();
  watch.setLimit(5);
  pass(5);
  watch.repeat();
  expect(reports).toEqual([true, true]);
});

test('[A2] somebody who works in another tab is not away in this one', () => {
  const { watch, reports, pass, touchInOtherTab, toldTabs } = watchedWorkspace();
  watch.setLimit(5);
  pass(4);
  touchInOtherTab();
  pass(4);
  expect(reports).toEqual([]);
  expect(toldTabs()).toBe(0);
});

test('[A2] many movements are told to other tabs once', () => {
  const { touch, toldTabs, pass } = watchedWorkspace();
  touch();
  touch();
  expect(toldTabs()).toBe(1);
  pass(1);
  touch();
  expect(toldTabs()).toBe(2);
});

test('[A2] a closed watch is silent', () => {
  const { watch, reports, pass, touch } = watchedWorkspace();
  watch.setLimit(5);
  watch.close();
  pass(10);
  touch();
  expect(reports).toEqual([]);
});
