/** Every way in from the page (event, timer, frame, message) goes through here: a fault of ours ends here. */
export function guarded<Inputs extends unknown[]>(act: (...inputs: Inputs) => void): (...inputs: Inputs) => void {
  return (...inputs) => {
    try {
      act(...inputs);
    } catch {
      // Nothing of ours is worth breaking the customer's page for.
    }
  };
}

/** For what is given up in any case. Needs nothing that a page could have broken, not even the iterator of a list. */
export function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // There is nothing left to do about it.
  }
}

/** The value, or what stands in for it where the page has broken the ground we stand on. */
export function attempt<Value, Otherwise>(read: () => Value, otherwise: Otherwise): Value | Otherwise {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
