/** Behaves as the browser's `Storage`, and can be made to fail as one does. */
export class FakeBrowserStorage implements Storage {
  fault: 'none' | 'quota' | 'blocked' = 'none';
  readonly #entries = new Map<string, string>();

  get length(): number {
    this.#mayRead();
    return this.#entries.size;
  }

  key(index: number): string | null {
    this.#mayRead();
    return [...this.#entries.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    this.#mayRead();
    return this.#entries.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.fault !== 'none') throw new DOMException('no room', 'QuotaExceededError');
    this.#entries.set(key, value);
  }

  removeItem(key: string): void {
    this.#mayRead();
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  #mayRead(): void {
    if (this.fault === 'blocked') throw new DOMException('blocked', 'SecurityError');
  }
}
