import { NodeType, type serializedNodeWithId } from '@rrweb/types';
import { STANDING, type Privacy } from '../privacy.ts';
import { attributeOf, hasAttributeOf, isElement, parentNodeOf, tagOf } from '../untouched-dom.ts';
import { HIDDEN_ATTRIBUTE, type OwnEvents } from '../stream-events.ts';
import { cleanAttributes, cleanSheet, maskText, type AttributeHelp, type SomeAttributes } from './egress-attributes.ts';
import type { HiddenBoxes } from './hidden-boxes.ts';
import type { Mirror, SentNodes } from './sent-nodes.ts';
import { hasUnseenContent } from './unseen-content.ts';

export type NotShownReason = OwnEvents['foyer:not-shown']['nodes'][number]['because'];

export interface EgressHelp extends AttributeHelp {
  mirror: Mirror;
  sent: SentNodes;
  privacy: Privacy;
  boxes: HiddenBoxes;
  /** The root of something of ours; what is below it is never reached. */
  isOwnInterface(element: Element, tag: string): boolean;
  /** It is built anew on the other side: nothing that was told of it before holds there. */
  reportSent(element: Element): void;
  /** This node stands on the other side without its content. */
  reportNotShown(id: number, because: NotShownReason): void;
  /** A style sheet of another origin whose rules cannot be read. */
  reportUnreadSheet(link: HTMLLinkElement): void;
}

const NEVER_SENT = ['script', 'noscript', 'template', 'base'];
/** Where nothing may be read, these are all content. */
const PICTURE_TAGS = [
  'img',
  'picture',
  'video',
  'audio',
  'canvas',
  'svg',
  'iframe',
  'frame',
  'object',
  'embed',
  'math',
];
const WITHOUT_BOX = ['title', 'meta', 'link', 'style', 'head', 'source', 'track', 'param', 'option', 'optgroup'];
const KEPT_METAS = ['color-scheme', 'supported-color-schemes'];

/**
 * The authority on what leaves the page: whatever the library has recorded is looked up on the real page, and only what
 * may be seen there now goes on. Returns a copy; what was recorded belongs to the library's mirror.
 */
export function cleanNode(recorded: serializedNodeWithId, help: EgressHelp): serializedNodeWithId | undefined {
  const node = help.mirror.getNode(recorded.id);
  if (node === null) return undefined;
  switch (recorded.type) {
    case NodeType.Document: {
      const standing = help.privacy.standingOf(node);
      if (standing & STANDING.blocked) return undefined;
      help.sent.add(recorded.id, standing);
      return { ...recorded, childNodes: cleanChildren(recorded.childNodes, help) };
    }
    case NodeType.DocumentType:
      help.sent.add(recorded.id, STANDING.shown);
      return { ...recorded };
    case NodeType.Text: {
      const text = cleanText(node, recorded.textContent, help);
      if (text === undefined) return undefined;
      help.sent.add(recorded.id, help.privacy.standingOf(node));
      return { ...recorded, textContent: text };
    }
    case NodeType.Element:
      return cleanElement(recorded, node as Element, help);
    default:
      return undefined;
  }
}

type RecordedElement = Extract<serializedNodeWithId, { type: NodeType.Element }>;

function cleanElement(recorded: RecordedElement, element: Element, help: EgressHelp): RecordedElement | undefined {
  const tag = tagOf(element);
  if (isNeverSent(element, tag) || help.isOwnInterface(element, tag)) return undefined;
  const standing = help.privacy.standingOf(element);
  const isBlocked = (standing & STANDING.blocked) !== 0;
  if (isBlocked && isWithoutBox(element)) return undefined;
  if (isBlocked || (standing !== STANDING.shown && isPicture(element, tag))) {
    help.sent.add(recorded.id, standing, true);
    return { ...recorded, attributes: { ...help.boxes.attributesOf(element), [HIDDEN_ATTRIBUTE]: '' }, childNodes: [] };
  }
  if (standing !== STANDING.shown && tag === 'title') return undefined;
  const isUnseen = !recorded.isShadowHost && hasUnseenContent(element, tag);
  const because = isUnseen ? 'closed-shadow-root' : findNotShown(element, tag);
  const isClosed = because !== undefined && tag !== 'iframe';
  help.sent.add(recorded.id, standing, isClosed);
  help.reportSent(element);
  if (because !== undefined) help.reportNotShown(recorded.id, because);
  const attributes = cleanAttributes(element, recorded.attributes as SomeAttributes, standing, help);
  if (isUnseen) Object.assign(attributes, help.boxes.attributesOf(element));
  for (const name of Object.keys(attributes)) if (attributes[name] === null) delete attributes[name];
  if (tag === 'link' && !('_cssText' in attributes)) help.reportUnreadSheet(element as HTMLLinkElement);
  return {
    ...recorded,
    attributes: attributes as RecordedElement['attributes'],
    childNodes: isClosed ? [] : cleanChildren(recorded.childNodes, help),
  };
}

function cleanChildren(children: readonly serializedNodeWithId[], help: EgressHelp): serializedNodeWithId[] {
  const clean: serializedNodeWithId[] = [];
  for (const child of children) {
    const kept = cleanNode(child, help);
    if (kept) clean.push(kept);
  }
  return clean;
}

/** What of this text node may be read; undefined when it must not even be known of. */
export function cleanText(node: Node, text: string, help: EgressHelp): string | undefined {
  const parent = parentNodeOf(node);
  const parentTag = tagOf(parent);
  if (isElement(parent) && isNeverSent(parent, parentTag)) return undefined;
  const standing = help.privacy.standingOf(node);
  if (standing & STANDING.blocked) return undefined;
  if (parentTag === 'style') return cleanSheet(text, standing, help);
  return standing === STANDING.shown ? text : maskText(text);
}

/** Code, what a page says to machines, and hidden fields: nothing a person would see. */
export function isNeverSent(element: Element, tag: string): boolean {
  if (NEVER_SENT.includes(tag)) return true;
  switch (tag) {
    case 'meta':
      return !hasAttributeOf(element, 'charset') && !KEPT_METAS.includes(attributeOf(element, 'name').toLowerCase());
    case 'link':
      return !/(?:^|\s)stylesheet(?:\s|$)/i.test(attributeOf(element, 'rel'));
    case 'input':
      return attributeOf(element, 'type').trim().toLowerCase() === 'hidden';
    default:
      return false;
  }
}

function isWithoutBox(element: Element): boolean {
  return WITHOUT_BOX.includes(tagOf(element));
}

function isPicture(element: Element, tag: string): boolean {
  return PICTURE_TAGS.includes(tag) || (tag === 'input' && (element as HTMLInputElement).type === 'image');
}

function findNotShown(element: Element, tag: string): NotShownReason | undefined {
  switch (tag) {
    case 'canvas':
      return 'canvas';
    case 'video':
    case 'audio':
      return 'media';
    case 'object':
    case 'embed':
    case 'applet':
      return 'plugin';
    case 'iframe':
    case 'frame':
      return hasReadableDocument(element as HTMLIFrameElement) ? undefined : 'foreign-frame';
    default:
      return undefined;
  }
}

function hasReadableDocument(frame: HTMLIFrameElement): boolean {
  try {
    return frame.contentDocument !== null;
  } catch {
    return false;
  }
}
