import type { NamesByLanguage } from '../../protocol/sites.ts';
import { language } from './language.ts';

/** What a site calls a thing of its own, as the reader reads it. An older server has one name for it and no others. */
export function inOwnLanguage(names: NamesByLanguage | undefined, name: string): string {
  return names?.[language.value] ?? names?.en ?? name;
}
