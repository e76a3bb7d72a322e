import * as z from 'zod';

/**
 * Text from outside in a form that every database keeps and gives back: without NUL, which PostgreSQL refuses, and
 * without halves of characters, which no file can hold.
 */
export const plainText = z.string().overwrite((text) => text.replaceAll('\0', '').toWellFormed());
