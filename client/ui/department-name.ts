import type { DepartmentView } from '../../protocol/sites.ts';
import { inOwnLanguage } from './in-own-language.ts';

/** A department in the reader's language. */
export function toDepartmentName({ name, names }: Pick<DepartmentView, 'name' | 'names'>): string {
  return inOwnLanguage(names, name);
}
