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

/** The value, or what stands in for it where the page has broken the ground we stand on. */
export function attempt<Value, Otherwise>(read: () => Value, otherwise: Otherwise): Value | Otherwise {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
