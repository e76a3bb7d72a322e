import type { AgentId, ConversationId, DepartmentId, Modality, SiteId, VisitorId } from '../protocol/ids.ts';
import type { EndReason, MessageView } from '../protocol/conversations.ts';
import type { Logger } from './logger.ts';

/** What happened, published after the commit that made it true. Parts hear each other through these alone. */
export interface DomainEvents {
  /** A department has opened or closed by the clock, or the day with its name is over. */
  'site:hours-turned': { siteId: SiteId };
  /** The last page of a visitor has gone; the grace period runs. */
  'visitor:gone': { visitorId: VisitorId; siteId: SiteId };
  'visitor:page-changed': { visitorId: VisitorId; siteId: SiteId };
  /** Status, switch, connection or cap changed: whatever is derived from them may differ now. */
  'agent:presence-changed': { agentId: AgentId };
  'conversation:queued': {
    conversationId: ConversationId;
    departmentId: DepartmentId;
    siteId: SiteId;
    visitorId: VisitorId;
  };
  'conversation:accepted': {
    conversationId: ConversationId;
    departmentId: DepartmentId;
    siteId: SiteId;
    agentId: AgentId;
    visitorId: VisitorId;
    modality: Modality;
  };
  /** A change that both sides should see but that moves no phase. */
  'conversation:touched': { conversationId: ConversationId };
  'conversation:ended': {
    conversationId: ConversationId;
    departmentId: DepartmentId;
    siteId: SiteId;
    agentId: AgentId | null;
    visitorId: VisitorId;
    reason: EndReason;
  };
  'message:added': {
    conversationId: ConversationId;
    message: MessageView;
    /** The visitor's page that wrote it, which reads it in its answer. */
    answeredPage?: string;
  };
  'left-message:changed': { siteId: SiteId };
}

export type DomainEventName = keyof DomainEvents;
type Listener<Name extends DomainEventName> = (payload: DomainEvents[Name]) => void | Promise<void>;

export interface DomainEventBus {
  on<Name extends DomainEventName>(name: Name, listener: Listener<Name>): void;
  publish<Name extends DomainEventName>(name: Name, payload: DomainEvents[Name]): void;
  /** Resolves when every listener that is running has finished; used when closing. */
  settled(): Promise<void>;
}

/** A listener that fails is logged and hinders neither the others nor the one who published. */
export function createDomainEventBus(log: Logger): DomainEventBus {
  const listeners = new Map<DomainEventName, Set<(payload: never) => void | Promise<void>>>();
  const running = new Set<Promise<void>>();
  return {
    on(name, listener) {
      const known = listeners.get(name) ?? new Set();
      known.add(listener);
      listeners.set(name, known);
    },
    publish(name, payload) {
      const noteFailure = (error: unknown): void => log.error({ err: error, event: name }, 'a listener failed');
      for (const listener of listeners.get(name) ?? []) {
        try {
          // Most listeners are done at once, and then there is nothing to wait for.
          const heard: unknown = listener(payload as never);
          if (!(heard instanceof Promise)) continue;
          const task: Promise<void> = heard.catch(noteFailure).finally(() => running.delete(task));
          running.add(task);
        } catch (error) {
          noteFailure(error);
        }
      }
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
