/** Whether a person can see this page at all. */
export interface PageSight {
  /** Tells each change until the returned function is called. */
  follow(listener: (isSeen: boolean) => void): () => void;
}

export const pageSight: PageSight = {
  follow(listener) {
    const tell = (): void => listener(document.visibilityState !== 'hidden');
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  },
};
