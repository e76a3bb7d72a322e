/**
 * Runs only for a click (or a key) of the person, never for one that a script makes: nobody else may widen what is
 * shared, neither a page that shares our origin nor an agent who acts on it.
 */
export function onTrusted(act: () => void): (event: Pick<Event, 'isTrusted'>) => void {
  return (event) => {
    if (event.isTrusted) act();
  };
}
