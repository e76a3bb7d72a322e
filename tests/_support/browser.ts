import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const CLIENT_DIR = join(import.meta.dirname, '..', '..', 'dist', 'client');

const ALWAYS = [
  '--no-sandbox',
  '--disable-gpu',
  '--autoplay-policy=no-user-gesture-required',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A camera with a moving picture and a microphone that beeps, and a person who says yes to both. */
const FAKE_DEVICES = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];

export type Devices = 'working' | 'refused' | 'missing';

export interface ChromiumOptions {
  /** Pages that were left come back as they were, as at home; only the whole browser can do it. */
  keepsLeftPages?: boolean;
}

/** Real Chromium. `refused` asks nobody and gets no; `missing` finds neither camera nor microphone. */
export async function launchChromium(
  devices: Devices = 'working',
  { keepsLeftPages = false }: ChromiumOptions = {},
): Promise<Browser> {
  if (!existsSync(join(CLIENT_DIR, 'widget', 'index.html'))) {
    throw new Error('The pages have not been built: run "npm test" or "npx vite build" first.');
  }
  const media = {
    working: FAKE_DEVICES,
    refused: ['--use-fake-device-for-media-stream', '--deny-permission-prompts'],
    missing: ['--use-fake-ui-for-media-stream'],
  };
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [...ALWAYS, ...media[devices]],
    ignoreDefaultArgs: keepsLeftPages ? ['--disable-back-forward-cache'] : [],
  });
}

export interface VisitorPage {
  context: BrowserContext;
  page: Page;
  /** Inside the iframe titled "Live help". */
  widget: FrameLocator;
}

export interface PersonOptions {
  locale?: string;
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
  path?: string;
  /** Left out: the machine's. */
  timeZone?: string;
  /** Before anything is opened. */
  prepare?: (context: BrowserContext) => Promise<void>;
}

/** A visitor in the demo shop, in a browser profile of their own. */
export async function openShop(browser: Browser, baseUrl: string, options: PersonOptions = {}): Promise<VisitorPage> {
  const context = await browser.newContext({
    locale: options.locale ?? 'en-GB',
    viewport: options.viewport ?? { width: 1280, height: 900 },
    colorScheme: options.colorScheme ?? 'light',
    ...(options.timeZone !== undefined && { timezoneId: options.timeZone }),
  });
  await options.prepare?.(context);
  const page = await context.newPage();
  await page.goto(`${baseUrl}${options.path ?? '/demo/'}`);
  return { context, page, widget: toWidget(page) };
}

export function toWidget(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="Live help"]');
}

export interface AgentPage {
  context: BrowserContext;
  page: Page;
}

/** An agent who has signed in and switched "Live Help" on. */
export async function openDesk(
  browser: Browser,
  baseUrl: string,
  agent: { email: string; password: string },
  options: PersonOptions = {},
): Promise<AgentPage> {
  const context = await browser.newContext({
    locale: options.locale ?? 'en-GB',
    viewport: options.viewport ?? { width: 1440, height: 900 },
    colorScheme: options.colorScheme ?? 'light',
  });
  await options.prepare?.(context);
  const page = await context.newPage();
  await page.goto(`${baseUrl}/workspace/`);
  await page.getByRole('textbox', { name: 'E-mail' }).fill(agent.email);
  await page.getByRole('textbox', { name: /Password|Passwort/ }).fill(agent.password);
  await page.getByRole('button', { name: /Sign in|Anmelden/ }).click();
  const liveHelp = page.getByRole('switch', { name: /Live Help|Live-Hilfe/ });
  await liveHelp.waitFor();
  if (!(await liveHelp.isChecked())) await liveHelp.click();
  return { context, page };
}

const IN_GERMAN = { 'Text chat': 'Text-Chat', 'Voice call': 'Sprachanruf', 'Video call': 'Videoanruf' };

/** The visitor asks for help by the names on screen, English or German. */
export async function askForHelp(widget: FrameLocator, choice: keyof typeof IN_GERMAN, name: string): Promise<void> {
  await widget.getByRole('button', { name: /Click for Live Help|Live-Hilfe/ }).click();
  await widget.getByRole('button', { name: new RegExp(`${choice}|${IN_GERMAN[choice]}`) }).click();
  await widget.getByRole('textbox', { name: /Your name|Ihr Name/ }).fill(name);
  await widget.getByRole('checkbox', { name: /I agree to the processing|Ich stimme der Verarbeitung/ }).check();
  await widget.getByRole('button', { name: /^(?:Start|Starten)$/ }).click();
}

/** The agent takes what rings. */
export async function acceptRequest(desk: Page): Promise<void> {
  const dialog = desk.getByRole('dialog', { name: /Incoming chat request|Eingehende Chat-Anfrage/ });
  await dialog.getByRole('button', { name: /^(?:Accept|Annehmen)$/ }).click();
}
