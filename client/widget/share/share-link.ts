import type { VisitorConnection } from '../widget.ts';

/** The part of the widget's connection that sharing needs. */
export type ShareLink = Pick<VisitorConnection, 'state' | 'request' | 'signal' | 'on'>;
