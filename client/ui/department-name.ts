import type { DepartmentView } from '../../protocol/sites.ts';
import { language } from './language.ts';

/** A department in the reader's language. */
export function toDepartmentName({ name, names }: Pick<DepartmentView, 'name' | 'names'>): string {
  return names?.[language.value] ?? names?.en ?? name;
}
