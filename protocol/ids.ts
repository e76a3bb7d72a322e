import * as z from 'zod';

/** Ids are UUID v7: they sort by birth and say nothing else. The brand keeps an agent's id out of a visitor's place. */
export const siteId = z.uuid().brand<'SiteId'>();
export type SiteId = z.infer<typeof siteId>;
export const departmentId = z.uuid().brand<'DepartmentId'>();
export type DepartmentId = z.infer<typeof departmentId>;
export const agentId = z.uuid().brand<'AgentId'>();
export type AgentId = z.infer<typeof agentId>;
export const visitorId = z.uuid().brand<'VisitorId'>();
export type VisitorId = z.infer<typeof visitorId>;
export const conversationId = z.uuid().brand<'ConversationId'>();
export type ConversationId = z.infer<typeof conversationId>;
export const messageId = z.uuid().brand<'MessageId'>();
export type MessageId = z.infer<typeof messageId>;
export const offerId = z.uuid().brand<'OfferId'>();
export type OfferId = z.infer<typeof offerId>;
export const callId = z.uuid().brand<'CallId'>();
export type CallId = z.infer<typeof callId>;
export const seatId = z.uuid().brand<'SeatId'>();
export type SeatId = z.infer<typeof seatId>;
export const shareId = z.uuid().brand<'ShareId'>();
export type ShareId = z.infer<typeof shareId>;

/** Milliseconds since 1970 UTC. */
export const timestamp = z.int().nonnegative();
/** The two sides of a conversation. */
export const party = z.enum(['visitor', 'agent']);
export type Party = z.infer<typeof party>;
/** How a visitor wants to talk; voice and video always carry text as well (C16). */
export const modality = z.enum(['text', 'voice', 'video']);
export type Modality = z.infer<typeof modality>;
/** A request that answers nothing but "done". */
export const nothing = z.object({});
