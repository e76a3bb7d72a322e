import { randomUUID } from 'node:crypto';
import * as z from 'zod';

/** The part of JSON Schema that the contract's inputs come to. */
interface Shape {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Shape[];
  oneOf?: Shape[];
  format?: string;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
  items?: Shape;
  properties?: Record<string, Shape>;
  required?: string[];
}

/** An input that fits the contract, with ids that name nothing. */
export function sampleOf(schema: z.ZodType): Record<string, unknown> {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  const sample = build(shape) as Record<string, unknown>;
  const parsed = schema.safeParse(sample);
  if (!parsed.success) throw new Error(`No sample could be made: ${parsed.error.message}`);
  return sample;
}

function build(shape: Shape): unknown {
  if (shape.const !== undefined) return shape.const;
  if (shape.enum) return shape.enum[0];
  const choices = shape.anyOf ?? shape.oneOf;
  if (choices) return build(choices[0] ?? {});
  switch (shape.type) {
    case 'string':
      if (shape.format === 'uuid') return randomUUID();
      if (shape.format === 'email') return 'grace@example.com';
      if (shape.format === 'uri') return 'https://shop.example.com/lamps';
      if (shape.pattern?.includes('{43}')) return 'a_'.repeat(22).slice(0, 43);
      if (shape.pattern === '^[0-9a-f]{64}$') return 'ab'.repeat(32);
      if (shape.pattern?.includes('A-Fa-f')) return Array.from({ length: 32 }, () => 'AB').join(':');
      return 'Grace Hofer';
    case 'integer':
    case 'number':
      return Math.max(shape.minimum ?? 0, shape.exclusiveMinimum === undefined ? 0 : shape.exclusiveMinimum + 1);
    case 'boolean':
      return true;
    case 'array':
      return Array.from({ length: shape.minItems ?? 0 }, () => build(shape.items ?? {}));
    case 'null':
      return null;
    case undefined:
      // Binary data, which JSON Schema has no words for.
      return Buffer.from([1]);
    default:
      return Object.fromEntries(
        (shape.required ?? []).map((name) => [name, build(shape.properties?.[name] ?? { type: 'object' })]),
      );
  }
}

const STRANGERS: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e300,
  '',
  'x'.repeat(20_000),
  [],
  [[]],
  Array.from({ length: 1_000 }, () => randomUUID()),
  {},
  { $ne: null },
  { toString: 1, valueOf: 2, length: -1 },
  JSON.parse('{"__proto__": {"isAdmin": true}}'),
];

const NO_OBJECTS: readonly unknown[] = [null, '', 'text', 7, true, [], [{}], [[[[]]]]];

/** Inputs that the contract forbids: no object at all, a field left out, a field that is something else. */
export function garbageFor(schema: z.ZodType): unknown[] {
  const sample = sampleOf(schema);
  const fields = Object.keys(sample);
  const spoiled = fields.flatMap((field) => [
    Object.fromEntries(Object.entries(sample).filter(([name]) => name !== field)),
    ...STRANGERS.map((stranger) => ({ ...sample, [field]: stranger })),
  ]);
  return [...NO_OBJECTS, ...spoiled].filter((input) => !schema.safeParse(input).success);
}
